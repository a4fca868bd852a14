//! Bounds guessing: wrong tries per account and per address in a sliding quarter of an hour. What counts stands in the
//! database, so that it outlives a restart and holds on all servers; whoever is bounded is turned away from memory.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use claviger_domain::{TenantId, Timestamp};
use claviger_store::{
    Actor, Scope, Store, Tx,
    guesses::{self, Bound},
};
use sha2::{Digest as _, Sha256};

use crate::Failure;

const WINDOW: Duration = Duration::from_mins(15);
const MINUTE: Duration = Duration::from_mins(1);
/// Addresses share one office or one proxy: they get more tries than an account.
const PER_ADDRESS: u32 = 10;
/// How many bounded accounts and addresses, and how many proven tokens, are remembered.
const REMEMBERED: usize = 100_000;

/// What is guessed at.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// The password of an account, by its address.
    Account(&'a str),
    /// A passkey or a one-time link: whose it is, nobody knows before.
    OneTime,
    /// An API token.
    ApiToken,
    /// Nothing yet: a sign-in that is begun, which costs us a ceremony, and at a provider a request.
    Begun,
}

/// Counts wrong tries.
pub struct Limiter {
    guesses: u32,
    begun: u32,
    bounded: Mutex<HashMap<[u8; 32], Timestamp>>,
    proven: Mutex<HashSet<[u8; 32]>>,
}

type Key = ([u8; 32], Bound);

impl Limiter {
    /// So many wrong tries per account, ten times as many per address, in 15 minutes; and so many sign-ins that an
    /// address may begin in a minute.
    #[must_use]
    pub fn new(guesses: u32, begun: u32) -> Self {
        Self {
            guesses: guesses.max(1),
            begun: begun.max(1),
            bounded: Mutex::default(),
            proven: Mutex::default(),
        }
    }

    /// Takes one try ahead of the check, so that many at once do not slip through; a success gives it back.
    ///
    /// # Errors
    /// [`Failure::RateLimited`] with the time to wait; what the store meets.
    pub async fn take(
        &self,
        store: &Store,
        target: Target<'_>,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), Failure> {
        self.bounded(target, address, now)?;
        let keys = self.keys(target, address);
        let wanted = keys.clone();
        let job = async move |tx: &mut Tx| {
            // A refusal takes back the try that the address was charged before.
            for (place, (hash, bound)) in wanted.iter().enumerate() {
                if let Err(wait) = guesses::take(tx, *hash, *bound).await? {
                    return Err(Full { place, wait }.into());
                }
            }
            Ok::<(), Refusal>(())
        };
        match store.write(scope(&keys, now), job).await {
            Ok(()) => Ok(()),
            Err(Refusal::Store(error)) => Err(error.into()),
            Err(Refusal::Full(full)) => {
                let wait = whole(full.wait);
                if let Some((hash, _)) = keys.get(full.place) {
                    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
                    let mut bounded = held(&self.bounded);
                    if bounded.len() >= REMEMBERED {
                        bounded.retain(|_, until| *until > now);
                    }
                    bounded.insert(*hash, now.plus_seconds(seconds));
                }
                Err(Failure::RateLimited(wait))
            }
        }
    }

    /// Refuses without asking the store whoever was refused a moment ago.
    ///
    /// # Errors
    /// [`Failure::RateLimited`] with the time to wait.
    pub fn bounded(&self, target: Target<'_>, address: IpAddr, now: Timestamp) -> Result<(), Failure> {
        let bounded = held(&self.bounded);
        for (hash, _) in self.keys(target, address) {
            if let Some(until) = bounded.get(&hash).filter(|until| **until > now) {
                let micros = u64::try_from(until.micros_since(now)).unwrap_or(0);
                return Err(Failure::RateLimited(whole(Duration::from_micros(micros))));
            }
        }
        Ok(())
    }

    /// A right answer: the account's count starts anew, the address gets its try back.
    ///
    /// # Errors
    /// What the store meets.
    pub async fn succeeded(
        &self,
        store: &Store,
        target: Target<'_>,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let keys = self.keys(target, address);
        let given = keys.clone();
        let job = async move |tx: &mut Tx| {
            for (place, (hash, bound)) in given.iter().enumerate() {
                if place == 0 {
                    guesses::give_back(tx, *hash, *bound).await?;
                } else {
                    guesses::clear(tx, *hash).await?;
                }
            }
            Ok::<(), Failure>(())
        };
        store.write(scope(&keys, now), job).await
    }

    /// Remembers an API token that was right: who repeats it does not guess, however many others at his address do.
    pub fn prove(&self, hash: [u8; 32]) {
        let mut proven = held(&self.proven);
        if proven.len() < REMEMBERED {
            proven.insert(hash);
        }
    }

    /// Whether this token was right here before; it may have been revoked since.
    #[must_use]
    pub fn is_proven(&self, hash: &[u8; 32]) -> bool {
        held(&self.proven).contains(hash)
    }

    /// The address first: where everybody takes what they lock in the same order, nobody waits for one another.
    fn keys(&self, target: Target<'_>, address: IpAddr) -> Vec<Key> {
        let bound = |guesses| Bound {
            guesses,
            window: WINDOW,
        };
        let many = bound(self.guesses.saturating_mul(PER_ADDRESS));
        let begun = Bound {
            guesses: self.begun,
            window: MINUTE,
        };
        let (kind, of_address) = match target {
            Target::Account(_) | Target::OneTime => ("address", many),
            Target::ApiToken => ("tokens of address", many),
            Target::Begun => ("begun at address", begun),
        };
        let mut keys = vec![(digest(kind, &network(address).to_string()), of_address)];
        if let Target::Account(account) = target {
            let account = account.trim().to_lowercase();
            keys.push((digest("account", &account), bound(self.guesses)));
        }
        keys
    }
}

/// Which bound is full, and for how long.
struct Full {
    place: usize,
    wait: Duration,
}

enum Refusal {
    Full(Full),
    Store(claviger_store::Error),
}

impl From<Full> for Refusal {
    fn from(full: Full) -> Self {
        Self::Full(full)
    }
}

impl From<claviger_store::Error> for Refusal {
    fn from(error: claviger_store::Error) -> Self {
        Self::Store(error)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whole seconds, one at least: that is what `Retry-After` can say.
fn whole(wait: Duration) -> Duration {
    let part = u64::from(wait.subsec_nanos() > 0);
    Duration::from_secs(wait.as_secs().saturating_add(part).max(1))
}

/// Addresses are personal data: only their hash is kept.
fn digest(kind: &str, text: &str) -> [u8; 32] {
    let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(text);
    hash.finalize().into()
}

fn scope(keys: &[Key], now: Timestamp) -> Scope {
    let lane = keys.last().and_then(|(hash, _)| hash.get(..16)?.try_into().ok());
    Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("sign-in".to_owned()),
        source: None,
        request_id: None,
        lane_key: lane.map_or(0, u128::from_be_bytes),
        now,
    }
}

/// One household or attacker holds a whole IPv6 /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6(std::net::Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use claviger_domain::Timestamp;
    use claviger_store::{Store, StoreConfig};

    use super::{Limiter, Target};
    use crate::Failure;

    const START: Timestamp = Timestamp::from_seconds(1_000_000);

    async fn store() -> (Store, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&StoreConfig::sqlite(folder.path().join("c.db")))
            .await
            .unwrap();
        (store, folder)
    }

    #[tokio::test]
    async fn guessing_at_one_account_is_bounded_from_any_address_and_ends_with_time() {
        let (store, _folder) = store().await;
        let limiter = Limiter::new(5, 60);
        let ann = Target::Account("a@example.org");
        for n in 0..5 {
            assert!(limiter.take(&store, ann, [10, 0, 0, n].into(), START).await.is_ok());
        }
        // A server that starts now knows of it.
        for limiter in [&limiter, &Limiter::new(5, 60)] {
            let refused = limiter
                .take(&store, Target::Account(" A@Example.org"), [10, 0, 0, 9].into(), START)
                .await;
            assert!(
                matches!(refused, Err(Failure::RateLimited(wait)) if wait.as_secs() == 180),
                "{refused:?}"
            );
        }
        let other = Target::Account("b@example.org");
        assert!(limiter.take(&store, other, [10, 0, 0, 9].into(), START).await.is_ok());
        let later = START.plus_seconds(181);
        assert!(limiter.take(&store, ann, [10, 0, 0, 9].into(), later).await.is_ok());
    }

    #[tokio::test]
    async fn one_address_cannot_try_all_accounts_nor_all_links() {
        let (store, _folder) = store().await;
        let limiter = Limiter::new(2, 60);
        let mut tried = 0;
        while limiter
            .take(&store, Target::Account(&tried.to_string()), [10, 0, 0, 1].into(), START)
            .await
            .is_ok()
        {
            tried += 1;
        }
        assert_eq!(tried, 20);
        let link = limiter.take(&store, Target::OneTime, [10, 0, 0, 1].into(), START).await;
        assert!(link.is_err());
        let elsewhere = limiter.take(&store, Target::OneTime, [10, 0, 0, 2].into(), START).await;
        assert!(elsewhere.is_ok(), "others' failures bar nobody");
    }

    #[tokio::test]
    async fn one_address_begins_so_many_sign_ins_in_a_minute_and_no_more() {
        let (store, _folder) = store().await;
        let limiter = Limiter::new(2, 3);
        let begin = async |last, at| limiter.take(&store, Target::Begun, [10, 0, 0, last].into(), at).await;
        for _ in 0..3 {
            begin(1, START).await.unwrap();
        }
        let refused = begin(1, START).await;
        assert!(
            matches!(refused, Err(Failure::RateLimited(wait)) if wait.as_secs() == 20),
            "{refused:?}"
        );
        begin(2, START).await.unwrap();
        let guess = limiter.take(&store, Target::OneTime, [10, 0, 0, 1].into(), START).await;
        assert!(guess.is_ok(), "what is begun is no guess");
        begin(1, START.plus_seconds(21)).await.unwrap();
    }

    #[tokio::test]
    async fn a_right_password_clears_the_account() {
        let (store, _folder) = store().await;
        let limiter = Limiter::new(2, 60);
        let (ann, address) = (Target::Account("a"), [10, 0, 0, 1].into());
        for _ in 0..2 {
            limiter.take(&store, ann, address, START).await.unwrap();
        }
        limiter.succeeded(&store, ann, address, START).await.unwrap();
        assert!(limiter.take(&store, ann, address, START).await.is_ok());
    }
}
