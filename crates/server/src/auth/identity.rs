//! An identity: who calls, in which tenant, with which privileges.

use claviger_api::SignInMethod;
use claviger_domain::{AdministratorId, ApiTokenId, Privilege, PrivilegeSet, SessionId, TenantId, Timestamp, UserId};
use claviger_store::Actor;
use uuid::Uuid;

/// Who calls, in which tenant, with which privileges.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The tenant worked in.
    pub tenant: TenantId,
    /// The person or program.
    pub who: Who,
    /// The role's name in that tenant.
    pub role: String,
    /// What the role allows.
    pub privileges: PrivilegeSet,
}

/// The person or program behind a request.
#[derive(Debug, Clone)]
pub enum Who {
    /// An administrator in a session.
    Administrator(Box<SignedIn>),
    /// A program with an API token.
    ApiToken {
        /// The token's id.
        id: ApiTokenId,
        /// Its name.
        name: String,
        /// Which token text it is: SHA-256.
        hash: [u8; 32],
    },
    /// Someone at the server's own command line, or the server itself.
    System(&'static str),
}

/// An administrator in a session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub id: AdministratorId,
    /// His address.
    pub email: String,
    /// His name.
    pub display_name: String,
    /// His language.
    pub locale: String,
    /// The user of the tenant who is the same person.
    pub user: Option<UserId>,
    /// The session.
    pub session: SessionId,
    /// Which cookie it is: SHA-256.
    pub hash: [u8; 32],
    /// How it began.
    pub method: SignInMethod,
    /// When he last proved who he is.
    pub authenticated_at: Timestamp,
    /// When the session was last used, as stored.
    pub last_seen_at: Timestamp,
    /// When the session ends at the latest.
    pub expires_at: Timestamp,
    /// How long a proof of who he is lasts in this tenant.
    pub step_up_minutes: u32,
}

impl SignedIn {
    /// Whether he proved who he is as lately as the tenant wants it.
    #[must_use]
    pub fn is_proven(&self, now: Timestamp) -> bool {
        now.micros_since(self.authenticated_at) <= i64::from(self.step_up_minutes) * 60 * 1_000_000
    }
}

impl Identity {
    /// Whether the role holds the privilege.
    #[must_use]
    pub const fn may(&self, privilege: Privilege) -> bool {
        self.privileges.contains(privilege)
    }

    /// The actor that the audit log names.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.who {
            Who::Administrator(signed_in) => Actor::Administrator {
                id: signed_in.id.as_uuid(),
                label: signed_in.email.clone(),
            },
            Who::ApiToken { id, name, .. } => Actor::ApiToken {
                id: id.as_uuid(),
                label: name.clone(),
            },
            Who::System(part) => Actor::System((*part).to_owned()),
        }
    }

    /// Whose idempotency keys these are.
    #[must_use]
    pub fn caller_id(&self) -> Uuid {
        match &self.who {
            Who::Administrator(signed_in) => signed_in.id.as_uuid(),
            Who::ApiToken { id, .. } => id.as_uuid(),
            Who::System(_) => Uuid::nil(),
        }
    }

    /// The session, for things that only a person in a session does.
    #[must_use]
    pub fn signed_in(&self) -> Option<&SignedIn> {
        match &self.who {
            Who::Administrator(signed_in) => Some(signed_in),
            Who::ApiToken { .. } | Who::System(_) => None,
        }
    }
}
