//! What a revocation puts down for others: mail to the user, removal at the identity provider.
//!
//! Rows of the outbox commit with the change. What sends them comes with the mail server's settings; until then they
//! wait, and nothing is lost.

use claviger_domain::{
    UserId,
    security_key::{IdpState, SecurityKey},
};
use claviger_store::{Tx, outbox, users};
use serde_json::json;

use super::Revocation;
use crate::{Failure, actions::settings, ports::new_id};

/// Puts down what the revocation of this key asks for.
pub(super) async fn put_down(tx: &mut Tx, key: &SecurityKey, order: &Revocation) -> Result<(), Failure> {
    let subject = Some(key.id().as_uuid());
    if let Some(holder) = key.holder()
        && wanted(tx, order).await?
        && has_address(tx, holder.user).await?
    {
        let payload = json!({ "user": holder.user.as_uuid(), "reason": order.reason.as_str() });
        outbox::insert(tx, new_id(), "mail.security_key_revoked", subject, &payload.to_string()).await?;
    }
    if let (true, Some(provider)) = (
        key.identity_provider().may_hold_credential(),
        provider(key.identity_provider()),
    ) {
        let payload = json!({ "identity_provider": provider });
        outbox::insert(
            tx,
            new_id(),
            "identity_provider.remove_credential",
            subject,
            &payload.to_string(),
        )
        .await?;
    }
    Ok(())
}

async fn wanted(tx: &mut Tx, order: &Revocation) -> Result<bool, Failure> {
    let tenant = tx.tenant();
    match order.notify {
        Some(wanted) => Ok(wanted),
        None => Ok(settings::of(tx, tenant).await?.revoke_notifies),
    }
}

async fn has_address(tx: &mut Tx, user: UserId) -> Result<bool, Failure> {
    let tenant = tx.tenant();
    let found = users::get(tx, tenant, user).await?;
    Ok(found.is_some_and(|user| user.email.is_some()))
}

fn provider(state: &IdpState) -> Option<&str> {
    state.provider().map(claviger_domain::text::ProviderName::as_str)
}
