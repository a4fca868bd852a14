//! On whose behalf a job writes, and what it tells afterwards.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Someone who signed in.
    Administrator {
        /// The administrator.
        id: Uuid,
        /// The name to show, kept as it was at the time.
        label: String,
    },
    /// A program with an API token.
    ApiToken {
        /// The token's row.
        id: Uuid,
        /// The token's name, kept as it was at the time.
        label: String,
    },
    /// The server itself or someone at its command line; the text says which part.
    System(String),
}

impl Actor {
    /// `administrator`, `api_token` or `system`, as stored.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Administrator { .. } => "administrator",
            Self::ApiToken { .. } => "api_token",
            Self::System(_) => "system",
        }
    }

    /// The actor's row; the system has none.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        match self {
            Self::Administrator { id, .. } | Self::ApiToken { id, .. } => Some(*id),
            Self::System(_) => None,
        }
    }

    /// The name to show.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Administrator { label, .. } | Self::ApiToken { label, .. } | Self::System(label) => label,
        }
    }
}

/// On whose behalf, from where and when a job writes.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The tenant whose rows are written and whose audit log grows.
    pub tenant: TenantId,
    /// Who acts.
    pub actor: Actor,
    /// Address that the request came from.
    pub source: Option<String>,
    /// The request's id, as in the log and in problems.
    pub request_id: Option<String>,
    /// The object's id: jobs with the same key are decided in the order they came.
    pub lane_key: u128,
    /// The time of the job, from the server's clock.
    pub now: Timestamp,
}

impl Scope {
    /// What a writer holds between jobs.
    pub(crate) fn idle() -> Self {
        Self {
            tenant: TenantId::SYSTEM,
            actor: Actor::System("writer".to_owned()),
            source: None,
            request_id: None,
            lane_key: 0,
            now: Timestamp::from_micros(0),
        }
    }
}

/// What changed, for those who follow the stream of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The object's kind, `security_key`.
    pub kind: &'static str,
    /// The object.
    pub id: Uuid,
    /// Its revision after the change.
    pub revision: i64,
}
