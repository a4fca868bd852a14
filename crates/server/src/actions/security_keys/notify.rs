//! What a revocation puts down for others: mail to the user, removal at the identity provider. Both commit with the
//! change and are sent after it, so that neither a dead mail server nor a dead directory holds a revocation up.

use claviger_domain::{TenantId, UserId, security_key::SecurityKey, text::ProviderName};
use claviger_store::{Reader, Tx, outbox, users};
use serde_json::json;

use super::Revocation;
use crate::{
    Failure,
    actions::settings::{self, TenantSettings},
    outbox::{MAIL_HOURS, REMOVAL, REVOKED_MAIL},
    ports::new_id,
};

/// Why nobody can be told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// Nobody holds the key.
    NoHolder,
    /// Its user has no address.
    NoAddress,
    /// The tenant has no mail server.
    NoMailServer,
}

impl Hindrance {
    /// What stands in the way, and what helps.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::NoHolder => "Nobody holds this key.",
            Self::NoAddress => "The user has no e-mail address.",
            Self::NoMailServer => "No mail server is set.",
        }
    }
}

/// Puts down what the revocation of this key asks for.
pub(super) async fn put_down(tx: &mut Tx, key: &SecurityKey, order: &Revocation) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let settings = settings::of(tx, tenant).await?;
    let user = key.holder().map(|holder| holder.user);
    if let (Some(user), true) = (user, order.notify.unwrap_or(settings.revoke_notifies)) {
        mail(tx, key, user, order, &settings).await?;
    }
    let state = key.identity_provider();
    if let (true, Some(provider)) = (state.may_hold_credential(), state.provider()) {
        order_removal(tx, key, provider).await?;
    }
    Ok(())
}

async fn mail(
    tx: &mut Tx,
    key: &SecurityKey,
    user: UserId,
    order: &Revocation,
    settings: &TenantSettings,
) -> Result<(), Failure> {
    let tenant = tx.tenant();
    let hindrance = hindrance(tx, tenant, Some(user), settings).await?;
    let payload = json!({ "user": user.as_uuid(), "reason": order.reason.as_str(), "at": tx.now().as_micros() });
    let draft = outbox::Draft {
        id: new_id(),
        kind: REVOKED_MAIL,
        subject: Some(key.id().as_uuid()),
        payload: &payload.to_string(),
        give_up_at: Some(tx.now().plus_seconds(MAIL_HOURS * 3_600)),
        not_sent: hindrance.map(Hindrance::hint),
    };
    Ok(outbox::insert(tx, &draft).await?)
}

/// Puts down that a key's credential has to go.
pub(super) async fn order_removal(tx: &mut Tx, key: &SecurityKey, provider: &ProviderName) -> Result<(), Failure> {
    let draft = outbox::Draft {
        id: new_id(),
        kind: REMOVAL,
        subject: Some(key.id().as_uuid()),
        payload: &json!({ "identity_provider": provider.as_str() }).to_string(),
        give_up_at: None,
        not_sent: None,
    };
    Ok(outbox::insert(tx, &draft).await?)
}

/// Why this user cannot be told by mail, if anything.
pub(super) async fn hindrance(
    reader: &mut Reader,
    tenant: TenantId,
    user: Option<UserId>,
    settings: &TenantSettings,
) -> Result<Option<Hindrance>, Failure> {
    let Some(user) = user else {
        return Ok(Some(Hindrance::NoHolder));
    };
    let found = users::get(reader, tenant, user).await?;
    if found.is_none_or(|user| user.email().is_none()) {
        return Ok(Some(Hindrance::NoAddress));
    }
    Ok(settings.mail.is_none().then_some(Hindrance::NoMailServer))
}
