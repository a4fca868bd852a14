//! OTP tokens and emergency codes.

mod attempts;
mod emergency;
mod imports;
mod listing;
mod people;
mod progress;

use claviger_domain::ids::{BatchId, OtpTokenId, TenantId, UserId};
use claviger_domain::otp::{
    Algorithm, Command, Digits, OtpToken, OtpTokenFacts, Parameters, Resyncs, Seed, State, TimeStep, readable,
};
use claviger_domain::role::Standing;
use claviger_domain::text::{Manufacturer, Model};
use claviger_domain::{Revision, SerialNumber, Timestamp};
use claviger_store::otp_tokens::{self, Kept, NewToken};
use claviger_store::{Error, Reader, Store, Tx};
use uuid::Uuid;

use crate::inventory::acting_in;
use crate::{Done, at, tenant};

pub(super) fn ours() -> TenantId {
    tenant(7)
}

pub(super) fn pressed() -> Parameters {
    Parameters::hotp(Algorithm::Sha1, Digits::Six)
}

pub(super) fn timed() -> Parameters {
    Parameters::totp(Algorithm::Sha256, Digits::Eight, TimeStep::Sixty)
}

pub(super) fn seed() -> Seed {
    Seed::new(b"12345678901234567890".to_vec()).unwrap()
}

pub(super) fn id(number: u128) -> OtpTokenId {
    OtpTokenId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn token(number: u128, serial: &str, parameters: Parameters) -> OtpToken {
    let incoming = readable(serial, parameters, None).unwrap();
    OtpToken::try_from(OtpTokenFacts {
        id: id(number),
        revision: Revision::FIRST,
        serial_number: SerialNumber::new(serial).unwrap(),
        parameters,
        state: State::Active,
        holder: None,
        progress: incoming.progress,
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        expires_at: None,
        manufacturer: Some(Manufacturer::new("Acme").unwrap()),
        model: Some(Model::new("One").unwrap()),
        batch: None,
        imported_at: at(0),
        updated_at: at(0),
        last_used_at: None,
    })
    .unwrap()
}

pub(super) fn new(token: OtpToken) -> NewToken {
    NewToken {
        seed: token.id().as_uuid().as_bytes().to_vec(),
        token,
        holder: None,
        row: None,
        key_version: 1,
    }
}

pub(super) async fn add(store: &Store, owner: TenantId, token: &OtpToken) {
    let new = new(token.clone());
    let done: Done = store
        .write(
            acting_in(owner, token.id().as_u128(), at(0)),
            async move |tx: &mut Tx| otp_tokens::insert(tx, new.clone()).await,
        )
        .await;
    done.unwrap();
}

pub(super) async fn read(store: &Store, owner: TenantId, id: OtpTokenId) -> Option<Kept> {
    let kept: Done<_> = store
        .read(async move |reader: &mut Reader| otp_tokens::get(reader, owner, id).await)
        .await;
    kept.unwrap()
}

/// Carries an order out as an action does: load, decide, save.
pub(super) async fn order(store: &Store, owner: TenantId, id: OtpTokenId, command: Command, now: Timestamp) -> bool {
    let done: Done<bool> = store
        .write(acting_in(owner, id.as_u128(), now), async move |tx: &mut Tx| {
            let kept = otp_tokens::get(tx, owner, id).await?.ok_or(Error::Stale)?;
            let Ok(after) = kept.token.apply(&command, Standing::NotAbove, now) else {
                return Ok(false);
            };
            otp_tokens::save(tx, &kept.token, &after).await?;
            Ok(true)
        })
        .await;
    done.unwrap()
}

pub(super) fn assign(user: UserId) -> Command {
    let status = claviger_domain::user::UserStatus::Active;
    Command::Assign { user, status }
}

pub(super) fn of_batch(mut facts: OtpTokenFacts, batch: BatchId, key: Uuid) -> OtpToken {
    facts.batch = Some(batch);
    facts.id = OtpTokenId::from_uuid(key);
    OtpToken::try_from(facts).unwrap()
}
