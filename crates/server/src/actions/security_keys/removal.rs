//! The credential of a revoked key that is still accepted elsewhere: tried again, or said to be gone by an operator
//! who removed it by hand.

use claviger_domain::{
    SecurityKeyId,
    security_key::{IdpState, SecurityKey},
    text::{Note, ProviderName},
};
use claviger_store::{
    Change, Tx,
    audit::AuditEntry,
    outbox::{self, State},
    security_keys,
};
use serde_json::json;

use super::{Shown, notify, obey::label, show};
use crate::{Failure, auth::Caller, identity_provider::still_there, outbox::REMOVAL, rest::guard::KeyRevoke};

/// Has the removal tried again now.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] when no credential of the key has to go.
pub async fn retry_removal(caller: &Caller<KeyRevoke>, id: SecurityKeyId) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let (key, provider) = owed(tx, id, "retry_removal").await?;
        expected.check(key.revision())?;
        let tenant = tx.tenant();
        match outbox::newest(tx, tenant, id.as_uuid(), REMOVAL).await? {
            Some(order) if order.state != State::Sent => outbox::retry(tx, &order, None).await?,
            Some(_) | None => notify::order_removal(tx, &key, &provider).await?,
        }
        let at = tx.now();
        let key = said(tx, key, IdpState::RemovalPending { provider, at }, None).await?;
        show::shown(tx, key, privileges).await
    };
    let shown = caller.write_on(id.as_uuid(), job).await?;
    caller.app().outbox().wake();
    Ok(shown)
}

/// Takes an operator's word that the credential is gone.
///
/// # Errors
/// As [`retry_removal`].
pub async fn confirm_removed(caller: &Caller<KeyRevoke>, id: SecurityKeyId, note: Note) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let (key, provider) = owed(tx, id, "confirm_removed").await?;
        expected.check(key.revision())?;
        let (tenant, at) = (tx.tenant(), tx.now());
        if let Some(order) = outbox::newest(tx, tenant, id.as_uuid(), REMOVAL).await?
            && order.state == State::Waiting
        {
            outbox::settle(tx, &order, None).await?;
        }
        let key = said(tx, key, IdpState::Removed { provider, at }, Some(&note)).await?;
        show::shown(tx, key, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

/// The key, and where its credential has to go.
async fn owed(tx: &mut Tx, id: SecurityKeyId, command: &str) -> Result<(SecurityKey, ProviderName), Failure> {
    let tenant = tx.tenant();
    let key = security_keys::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    let state = key.identity_provider().clone();
    match state.provider() {
        Some(provider) if still_there(&state) => Ok((key, provider.clone())),
        Some(_) | None => Err(Failure::refused(
            state.as_str(),
            command,
            "No credential of this key has to be removed.",
        )),
    }
}

async fn said(tx: &mut Tx, key: SecurityKey, now: IdpState, note: Option<&Note>) -> Result<SecurityKey, Failure> {
    let before = key.identity_provider().as_str();
    let after = key.identity_provider_said(now, tx.now());
    security_keys::save(tx, &key, &after).await?;
    tx.record(AuditEntry {
        action: match note {
            Some(_) => "security_key.credential_removal_confirmed",
            None => "security_key.credential_removal_retried",
        },
        object_kind: "security_key",
        object_id: Some(key.id().as_uuid()),
        object_label: Some(label(&key)),
        before: Some(json!({ "identity_provider_state": before })),
        after: Some(json!({ "identity_provider_state": after.identity_provider().as_str() })),
        reason: note.map(|note| note.as_str().to_owned()),
        ..AuditEntry::default()
    });
    tx.notify(Change {
        kind: "security_key",
        id: key.id().as_uuid(),
        revision: after.revision().get(),
    });
    Ok(after)
}
