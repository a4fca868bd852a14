//! The sealed PINs of a key: pending from the moment they are made, active once they are on the key, shredded when
//! they are of no use.

use claviger_domain::{
    SecurityKeyId, TenantId,
    pin::{self, NoPin, Pin},
    policy::PolicyRules,
    security_key::{Generation, PinField, SecurityKey},
};
use claviger_store::{Reader, Tx};
use zeroize::Zeroizing;

use crate::{
    Failure,
    ports::{self, NoEntropy},
    secrets::{Keyring, Secret, vault},
};

/// Which of a key's sealed PINs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// Of a configuration that is not confirmed yet.
    Pending,
    /// Of the confirmed one.
    Active,
}

const fn kind(field: PinField, shelf: Shelf) -> &'static str {
    match (field, shelf) {
        (PinField::UserPin, Shelf::Pending) => "security_key.pending_user_pin",
        (PinField::AdminPin, Shelf::Pending) => "security_key.pending_admin_pin",
        (PinField::UserPin, Shelf::Active) => "security_key.user_pin",
        (PinField::AdminPin, Shelf::Active) => "security_key.admin_pin",
    }
}

/// Makes a PIN for a key under these rules.
pub(super) fn make(field: PinField, rules: &PolicyRules, key: &SecurityKey) -> Result<Pin, Failure> {
    let draw = || ports::random::<128>().map(Zeroizing::new);
    let made: Result<Pin, NoPin<NoEntropy>> = match field {
        PinField::UserPin => pin::user_pin(rules.pin_kind(), rules.min_pin_length(), key.serial_number(), draw),
        PinField::AdminPin => pin::admin_pin(key.serial_number(), draw),
    };
    made.map_err(|error| Failure::internal(error.to_string()))
}

/// Keeps a PIN sealed; its generation is sealed with it.
pub(super) async fn keep(
    keyring: &Keyring,
    tx: &mut Tx,
    key: &SecurityKey,
    (field, shelf): (PinField, Shelf),
    pin: &str,
) -> Result<(), Failure> {
    let mut plain = Zeroizing::new(Vec::with_capacity(4_usize.saturating_add(pin.len())));
    plain.extend_from_slice(&key.generation().get().to_be_bytes());
    plain.extend_from_slice(pin.as_bytes());
    vault::keep(keyring, tx, kind(field, shelf), key.id().as_uuid(), &plain).await
}

/// Opens a PIN of the key's generation; nothing where none is kept.
pub(super) async fn open(
    keyring: &Keyring,
    reader: &mut Reader,
    tenant: TenantId,
    key: &SecurityKey,
    (field, shelf): (PinField, Shelf),
) -> Result<Option<Secret<String>>, Failure> {
    let subject = key.id().as_uuid();
    match vault::open(keyring, reader, tenant, kind(field, shelf), subject).await? {
        Some(plain) => read(plain.using(), key.generation()).map(Some),
        None => Ok(None),
    }
}

fn read(plain: &[u8], current: Generation) -> Result<Secret<String>, Failure> {
    let wrong = || Failure::internal("a sealed PIN is of another generation than its key");
    let (generation, text) = plain.split_first_chunk::<4>().ok_or_else(wrong)?;
    if u32::from_be_bytes(*generation) != current.get() {
        return Err(wrong());
    }
    let text = std::str::from_utf8(text).map_err(|_| wrong())?;
    Ok(Secret::new(text.to_owned()))
}

/// Whether a PIN of the confirmed configuration is kept.
pub(super) async fn holds(
    reader: &mut Reader,
    tenant: TenantId,
    key: SecurityKeyId,
    field: PinField,
) -> Result<bool, Failure> {
    vault::holds(reader, tenant, kind(field, Shelf::Active), key.as_uuid()).await
}

/// What was pending becomes active: it is on the key.
pub(super) async fn promote(keyring: &Keyring, tx: &mut Tx, key: &SecurityKey) -> Result<(), Failure> {
    let tenant = tx.tenant();
    for field in PinField::ALL.iter().copied().filter(|field| key.keeps_pending(*field)) {
        let pin = open(keyring, tx, tenant, key, (field, Shelf::Pending)).await?;
        let pin = pin.ok_or_else(|| Failure::internal("a pending configuration has lost its secrets"))?;
        keep(keyring, tx, key, (field, Shelf::Active), pin.using()).await?;
    }
    Ok(())
}

/// Shreds what a change made useless.
pub(super) async fn shred_ended(tx: &mut Tx, before: &SecurityKey, after: &SecurityKey) -> Result<(), Failure> {
    let subject = before.id().as_uuid();
    for field in PinField::ALL.iter().copied() {
        if before.keeps(field) && !after.keeps(field) {
            vault::shred(tx, kind(field, Shelf::Active), subject).await?;
        }
        if before.keeps_pending(field) && !after.keeps_pending(field) {
            vault::shred(tx, kind(field, Shelf::Pending), subject).await?;
        }
    }
    Ok(())
}
