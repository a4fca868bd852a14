//! Somebody who is not signed in yet: where he comes from is all that is known.

use std::net::IpAddr;

use claviger_domain::TenantId;
use claviger_store::{Actor, Scope};
use uuid::Uuid;

use super::limiter::Target;
use crate::{App, Failure};

/// Somebody who is not signed in yet.
#[derive(Clone)]
pub struct Visitor {
    /// The server.
    pub app: App,
    /// His address.
    pub address: IpAddr,
    /// His browser, as it calls itself.
    pub user_agent: Option<String>,
    /// The session cookie that he already sent, hashed: a sign-in ends that session.
    pub cookie: Option<[u8; 32]>,
    /// The request's name.
    pub request_id: String,
}

impl Visitor {
    /// Takes one of the tries that he has.
    ///
    /// # Errors
    /// [`Failure::RateLimited`].
    pub async fn guess(&self, target: Target<'_>) -> Result<(), Failure> {
        let (app, now) = (&self.app, self.app.clock().now());
        app.limiter().take(app.store(), target, self.address, now).await
    }

    /// Gives it back: he was right.
    ///
    /// # Errors
    /// What the store meets.
    pub async fn was_right(&self, target: Target<'_>) -> Result<(), Failure> {
        let (app, now) = (&self.app, self.app.clock().now());
        app.limiter().succeeded(app.store(), target, self.address, now).await
    }

    /// On whose behalf something is written for him.
    #[must_use]
    pub fn scope(&self, tenant: TenantId, actor: Actor, object: Uuid) -> Scope {
        Scope {
            tenant,
            actor,
            source: Some(self.address.to_string()),
            request_id: Some(self.request_id.clone()),
            lane_key: object.as_u128(),
            now: self.app.clock().now(),
        }
    }
}
