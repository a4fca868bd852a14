//! One token obeys an order, or says why not: load, decide, save, record — one commit.

use claviger_domain::{
    OtpTokenId,
    otp::{OtpToken, Refusal},
};
use claviger_store::{
    Change, Tx,
    audit::AuditEntry,
    otp_tokens::{self, Kept},
};
use serde_json::{Value as Json, json};

use super::{Order, Shown, order::past_tense, show::shown};
use crate::{
    Failure,
    actions::{emergency_codes, security_keys::sentence},
    auth::{Caller, caller::Expected},
    rest::Guard,
};

/// Carries an order out on one token.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Stale`] when the caller expected another revision; [`Failure::Refused`] with the
/// domain's reason.
pub(super) async fn obey<P: Guard>(caller: &Caller<P>, id: OtpTokenId, order: Order) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let before = load(tx, id, expected).await?.token;
        let mut resolved = order.resolve(tx, privileges, std::slice::from_ref(&before)).await?;
        let after = resolved.decide(&before, tx.now())?;
        otp_tokens::save(tx, &before, &after).await?;
        tell(tx, &before, &after).await?;
        tx.record(AuditEntry {
            before: Some(facts(&before)),
            after: Some(facts(&after)),
            reason: order.reason(),
            ..event(past_tense(order.verb()), &before)
        });
        shown(tx, id, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

/// A token that shall change, in the revision that the caller expects.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Stale`].
pub(super) async fn load(tx: &mut Tx, id: OtpTokenId, expected: Expected) -> Result<Kept, Failure> {
    let tenant = tx.tenant();
    let kept = otp_tokens::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    expected.check(kept.token.revision())?;
    Ok(kept)
}

/// Tells those who watch, and ends the emergency codes of a user who has a working token again.
pub(crate) async fn tell(tx: &mut Tx, before: &OtpToken, after: &OtpToken) -> Result<(), Failure> {
    if let Some(user) = after.holder().filter(|_| before.is_activated(after)) {
        emergency_codes::end(tx, user).await?;
    }
    notify(tx, after);
    Ok(())
}

/// Tells those who watch.
pub(super) fn notify(tx: &mut Tx, token: &OtpToken) {
    tx.notify(Change {
        kind: "otp_token",
        id: token.id().as_uuid(),
        revision: token.revision().get(),
    });
}

/// An audit event of a token.
pub(super) fn event(action: &'static str, token: &OtpToken) -> AuditEntry {
    AuditEntry {
        action,
        object_kind: "otp_token",
        object_id: Some(token.id().as_uuid()),
        object_label: Some(token.serial_number().given().to_owned()),
        ..AuditEntry::default()
    }
}

/// What an order can change. Counters and time steps are nobody's business.
pub(crate) fn facts(token: &OtpToken) -> Json {
    json!({
        "status": token.status().as_str(),
        "revision": token.revision().get(),
        "user": token.holder().map(|user| user.as_uuid()),
        "locked": token.locked_since().is_some(),
    })
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::refused(
            refusal.status.as_str(),
            refusal.verb.as_str(),
            sentence(&refusal.to_string()),
        )
    }
}
