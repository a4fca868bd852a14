//! Finding a token's counter or clock again from two codes in a row.

use claviger_domain::{
    OtpTokenId, PrivilegeSet, Timestamp,
    otp::{OtpToken, Resynchronisation},
    role::Standing,
};
use claviger_store::{Tx, audit::AuditEntry, otp_tokens};
use zeroize::Zeroizing;

use super::obey::{event, facts, load, notify};
use crate::{
    Failure,
    auth::{Caller, caller::Expected, roles},
    rest::guard::OtpSupport,
    secrets::{Keyring, seeds},
};

/// What came of it. A failure is kept as well: it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The token is found.
    Found,
    /// It is not; why is not told.
    NotFound,
}

/// Two codes, in the order in which they were shown.
pub(super) type Codes = [Zeroizing<String>; 2];

/// Finds a token's counter or clock again.
///
/// # Errors
/// [`Failure::ResyncFailed`] whatever was wrong with the codes, and when it was tried too often today;
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`].
pub async fn resync(caller: &Caller<OtpSupport>, id: OtpTokenId, codes: Codes) -> Result<Outcome, Failure> {
    let (app, expected, privileges) = (caller.app().clone(), caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| seek(app.keyring(), tx, id, &codes, expected, privileges).await;
    match caller.write_on(id.as_uuid(), job).await {
        Ok(Outcome::NotFound) => Err(Failure::ResyncFailed),
        // A failure that is asked for again is one again.
        Err(Failure::Replay(kept)) if kept.body == crate::rest::reply::bytes(&Outcome::NotFound)? => {
            Err(Failure::ResyncFailed)
        }
        outcome => outcome,
    }
}

async fn seek(
    keyring: &Keyring,
    tx: &mut Tx,
    id: OtpTokenId,
    codes: &Codes,
    expected: Expected,
    operator: PrivilegeSet,
) -> Result<Outcome, Failure> {
    let kept = load(tx, id, expected).await?;
    let (tenant, now, before) = (tx.tenant(), tx.now(), &kept.token);
    let standing = match before.holder() {
        Some(user) => roles::standing(tx, tenant, operator, user).await?,
        None => Standing::NotAbove,
    };
    let key = seeds::opening(keyring, tx, tenant, kept.key_version).await?;
    let Some(seed) = seeds::open_seed(&key, tenant, &kept)? else {
        return Err(shredded(before, now));
    };
    let codes = [codes[0].as_str(), codes[1].as_str()];
    match before.resync(&seed, codes, standing, now)? {
        Resynchronisation::Done(after) => {
            otp_tokens::save(tx, before, &after).await?;
            note(tx, "otp_token.resynchronised", before, &after);
            Ok(Outcome::Found)
        }
        Resynchronisation::Failed(after) => {
            otp_tokens::save(tx, before, &after).await?;
            note(tx, "otp_token.resync_failed", before, &after);
            Ok(Outcome::NotFound)
        }
        Resynchronisation::TooOften => {
            tx.record(event("otp_token.resync_failed", before));
            Ok(Outcome::NotFound)
        }
    }
}

fn note(tx: &mut Tx, action: &'static str, before: &OtpToken, after: &OtpToken) {
    notify(tx, after);
    tx.record(AuditEntry {
        before: Some(facts(before)),
        after: Some(facts(after)),
        ..event(action, before)
    });
}

/// A token whose seed is gone can only be compromised; the domain says so first wherever it can.
fn shredded(token: &OtpToken, now: Timestamp) -> Failure {
    let status = token.status_at(now).as_str();
    Failure::refused(status, "resync", "The seed of this token is shredded.")
}
