//! The vault: sealed secrets of objects, one of each kind, bound to row, kind and object.

use claviger_domain::TenantId;
use claviger_store::{
    Reader, Tx,
    secrets::{self, SealedSecret},
};
use uuid::Uuid;

use super::{Keyring, Place, Secret};
use crate::{Failure, ports};

/// Keeps a secret of an object in place of the one before.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key.
pub(crate) async fn keep(
    keyring: &Keyring,
    tx: &mut Tx,
    kind: &str,
    subject: Uuid,
    plain: &[u8],
) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let key = keyring.sealing(tx, tenant).await?;
    let version = i64::from(key.version());
    if let Some(kept) = secrets::get(tx, tenant, kind, subject).await? {
        let sealed = key.seal(place(tenant, &row(&kept)), plain)?;
        return Ok(secrets::reseal(tx, &kept, version, &sealed).await?);
    }
    let mut made = SealedSecret {
        id: ports::new_id(),
        kind: kind.to_owned(),
        subject,
        key_version: version,
        sealed: Vec::new(),
        created_at: tx.now(),
        updated_at: tx.now(),
        revision: 1,
    };
    made.sealed = key.seal(place(tenant, &row(&made)), plain)?;
    Ok(secrets::insert(tx, &made).await?)
}

/// Opens the secret of an object, if it has one of the kind.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key.
pub(crate) async fn open(
    keyring: &Keyring,
    reader: &mut Reader,
    tenant: TenantId,
    kind: &str,
    subject: Uuid,
) -> Result<Option<Secret<Vec<u8>>>, Failure> {
    match secrets::get(reader, tenant, kind, subject).await? {
        Some(kept) => opened(keyring, reader, tenant, &kept).await.map(Some),
        None => Ok(None),
    }
}

/// Whether an object has a secret of the kind.
///
/// # Errors
/// What the store meets.
pub(crate) async fn holds(reader: &mut Reader, tenant: TenantId, kind: &str, subject: Uuid) -> Result<bool, Failure> {
    Ok(secrets::get(reader, tenant, kind, subject).await?.is_some())
}

/// Shreds the secret of an object, if it has one of the kind.
///
/// # Errors
/// What the store meets.
pub(crate) async fn shred(tx: &mut Tx, kind: &str, subject: Uuid) -> Result<(), Failure> {
    let tenant = tx.tenant();
    match secrets::get(tx, tenant, kind, subject).await? {
        Some(kept) => Ok(secrets::delete(tx, &kept).await?),
        None => Ok(()),
    }
}

/// Seals a secret anew, under the newest data key.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key; [`Failure::Stale`] when it was changed meanwhile.
pub(crate) async fn reseal(keyring: &Keyring, tx: &mut Tx, kept: &SealedSecret) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let plain = opened(keyring, tx, tenant, kept).await?;
    let key = keyring.sealing(tx, tenant).await?;
    let sealed = key.seal(place(tenant, &row(kept)), plain.using())?;
    Ok(secrets::reseal(tx, kept, i64::from(key.version()), &sealed).await?)
}

/// Opens a secret that was read.
///
/// # Errors
/// As [`open`].
pub(crate) async fn opened(
    keyring: &Keyring,
    reader: &mut Reader,
    tenant: TenantId,
    kept: &SealedSecret,
) -> Result<Secret<Vec<u8>>, Failure> {
    let version = u32::try_from(kept.key_version).map_err(Failure::internal)?;
    let key = keyring.opening(reader, tenant, version).await?;
    Ok(key.open(place(tenant, &row(kept)), &kept.sealed)?)
}

/// What the row is besides its id: a secret given to another object, or called something else, does not open.
fn row(kept: &SealedSecret) -> Vec<u8> {
    [kept.id.as_bytes(), kept.subject.as_bytes(), kept.kind.as_bytes()].concat()
}

const fn place(tenant: TenantId, row: &[u8]) -> Place<'_> {
    Place {
        tenant: tenant.as_uuid(),
        table: "sealed_secrets",
        column: "sealed",
        row,
    }
}
