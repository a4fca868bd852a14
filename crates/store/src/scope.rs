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

/// How many write to PostgreSQL at once; jobs are spread over them by the hash of tenant and object.
pub(crate) const WRITERS: usize = 4;

impl Scope {
    /// Which of PostgreSQL's writers carries the job out, from 0. What writers keep apart, so that none waits for another,
    /// is kept apart by this number.
    pub(crate) fn writer(&self) -> usize {
        let mixed = self.tenant.as_uuid().as_u128().rotate_left(64) ^ self.lane_key;
        // Fibonacci hashing: the top bits of ids made in one millisecond are alike.
        let folded = u64::try_from((mixed ^ (mixed >> 64)) & u128::from(u64::MAX)).unwrap_or(0);
        let spread = folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        usize::try_from(spread).unwrap_or(0) % WRITERS
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_are_spread_over_all_writers() {
        let mut written = [0_u32; WRITERS];
        for number in 0..4_000_u128 {
            let lane_key = 0x0197_8a5f_3c00_7000_8000_0000_0000_0000 | (number << 3);
            written[Scope {
                lane_key,
                ..Scope::idle()
            }
            .writer()] += 1;
        }
        assert!(written.iter().all(|jobs| (800..1_200).contains(jobs)), "{written:?}");
    }
}
