//! Identities of a moment ago: an API token or session is looked up once a second, not once a request.
//!
//! What this process revokes is forgotten at once; what another process revokes, within [`LIFE`].

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use super::Identity;

/// How long an identity is believed without asking the store.
const LIFE: Duration = Duration::from_secs(1);
const REMEMBERED: usize = 10_000;

/// An identity and when it was looked up.
type Known = (Arc<Identity>, Instant);

/// Identities by the hash of their credential.
#[derive(Default)]
pub struct Identities {
    known: RwLock<HashMap<[u8; 32], Known>>,
    /// Rises with every revocation: what was read before one must not be remembered after it.
    epoch: AtomicU64,
}

impl Identities {
    /// The identity, if it was looked up within [`LIFE`].
    #[must_use]
    pub fn get(&self, hash: &[u8; 32]) -> Option<Arc<Identity>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(hash)
            .filter(|(_, at)| at.elapsed() < LIFE)
            .map(|(identity, _)| Arc::clone(identity))
    }

    /// To be read before looking an identity up in the store.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Remembers what was looked up, unless something was revoked since `epoch`.
    pub fn remember(&self, hash: [u8; 32], identity: &Arc<Identity>, epoch: u64) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.epoch.load(Ordering::Acquire) != epoch {
            return;
        }
        if known.len() >= REMEMBERED {
            known.retain(|_, (_, at)| at.elapsed() < LIFE);
        }
        if known.len() < REMEMBERED {
            known.insert(hash, (Arc::clone(identity), Instant::now()));
        }
    }

    /// Forgets everything: called after every commit that takes a right away.
    pub fn forget_all(&self) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::AcqRel);
        known.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use claviger_domain::{PrivilegeSet, TenantId};

    use super::Identities;
    use crate::auth::{Identity, Who};

    #[test]
    fn a_look_up_that_began_before_a_revocation_is_not_remembered_after_it() {
        let identities = Identities::default();
        let someone = Arc::new(Identity {
            tenant: TenantId::SYSTEM,
            who: Who::System("test"),
            role: String::new(),
            privileges: PrivilegeSet::EMPTY,
        });
        let before = identities.epoch();
        identities.remember([1; 32], &someone, before);
        assert!(identities.get(&[1; 32]).is_some());
        identities.forget_all();
        assert!(identities.get(&[1; 32]).is_none());
        identities.remember([1; 32], &someone, before);
        assert!(identities.get(&[1; 32]).is_none());
    }
}
