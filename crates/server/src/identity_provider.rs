//! The port to identity providers: where credentials of keys are registered, and have to go when a key is revoked.
//!
//! *Revoked here, still accepted there* is the worst failure: a removal is tried until it is done, by a connector or,
//! where there is none, by an operator who says that he did it by hand.

use std::{future::Future, pin::Pin, time::Duration};

use claviger_domain::{
    SecurityKeyId, TenantId,
    security_key::{IdpState, SecurityKey},
};
use claviger_store::{outbox::Message, security_keys};

use crate::{App, Failure, outbox::Outcome};

/// How long an identity provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A credential that has to go.
#[derive(Debug, Clone)]
pub struct Removal {
    /// Whose key.
    pub tenant: TenantId,
    /// The key, with its holder and its provider.
    pub key: Box<SecurityKey>,
}

/// What an identity provider made of a removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// The credential is gone, or was never there.
    Gone,
    /// It refused, or could not be reached; says why.
    Failed(String),
    /// No connector leads to it.
    NotConnected,
}

/// An answer under way.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Removed> + Send + 'a>>;

/// What leads to identity providers.
pub trait IdentityProviders: Send + Sync {
    /// Removes the credential. Asked again until it is gone, so a second removal is no error.
    fn remove<'a>(&'a self, removal: &'a Removal) -> Answer<'a>;
}

/// No connector at all: nothing is pretended, every removal waits for an operator.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoneConnected;

impl IdentityProviders for NoneConnected {
    fn remove<'a>(&'a self, _removal: &'a Removal) -> Answer<'a> {
        Box::pin(std::future::ready(Removed::NotConnected))
    }
}

/// Carries out an order of the outbox.
pub(crate) async fn remove(app: &App, message: &Message) -> Result<Outcome, Failure> {
    let (tenant, Some(subject)) = (message.tenant, message.subject) else {
        return Ok(Outcome::Refused("It names no key.".to_owned()));
    };
    let id = SecurityKeyId::from_uuid(subject);
    let key = app
        .store()
        .read(async move |reader| security_keys::get(reader, tenant, id).await)
        .await?;
    let owed = key.filter(|key| still_there(key.identity_provider()));
    let Some(key) = owed.map(Box::new) else {
        return Ok(Outcome::Done);
    };
    let removal = Removal { tenant, key };
    let asked = tokio::time::timeout(PATIENCE, app.identity_providers().remove(&removal));
    let removed = asked.await;
    Ok(
        match removed.unwrap_or_else(|_| Removed::Failed("It did not answer in time.".to_owned())) {
            Removed::Gone => Outcome::Done,
            Removed::Failed(why) => Outcome::Later(why),
            Removed::NotConnected => Outcome::Nobody("No connector leads to this identity provider.".to_owned()),
        },
    )
}

/// Whether a revoked key's credential is still to be removed.
pub(crate) const fn still_there(state: &IdpState) -> bool {
    matches!(state, IdpState::RemovalPending { .. } | IdpState::RemovalFailed { .. })
}
