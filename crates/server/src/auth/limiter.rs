//! Bounds guessing: failed sign-ins per account and per address in a sliding quarter of an hour.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use claviger_domain::Timestamp;

use crate::Failure;

const WINDOW: Duration = Duration::from_mins(15);
/// Addresses share one office or one proxy: they get more tries than an account.
const PER_ADDRESS: u32 = 10;
/// How many accounts and addresses are remembered; beyond, the oldest are forgotten.
const REMEMBERED: usize = 100_000;

/// Counts failed sign-ins.
pub struct Limiter {
    limit: u32,
    failures: Mutex<HashMap<Key, Bucket>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account([u8; 32]),
    Address(IpAddr),
}

/// A leaking bucket: what is in it leaks out over the window.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    level: f64,
    at: Timestamp,
}

impl Limiter {
    /// So many failures per account, ten times as many per address, in 15 minutes.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self {
            limit: limit.max(1),
            failures: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one try ahead of the check, so that many at once do not slip through; a success gives it back.
    ///
    /// # Errors
    /// [`Failure::RateLimited`] with the time to wait.
    pub fn take(&self, account: &str, address: IpAddr, now: Timestamp) -> Result<(), Failure> {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() > REMEMBERED {
            failures.retain(|_, bucket| bucket.leaked(now, self.limit) > 0.0);
        }
        let keys: Vec<(Key, u32)> = self.keys(account, address).collect();
        for (key, limit) in &keys {
            let level = failures.get(key).map_or(0.0, |bucket| bucket.leaked(now, *limit));
            if level + 1.0 > f64::from(*limit) {
                let wait = (level + 1.0 - f64::from(*limit)) * WINDOW.as_secs_f64() / f64::from(*limit);
                return Err(Failure::RateLimited(Duration::from_secs_f64(wait.ceil().max(1.0))));
            }
        }
        for (key, limit) in keys {
            let bucket = failures.entry(key).or_insert(Bucket { level: 0.0, at: now });
            *bucket = Bucket {
                level: bucket.leaked(now, limit) + 1.0,
                at: now,
            };
        }
        Ok(())
    }

    /// A right answer: the account's count starts anew, the address gets its try back.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in self.keys(account, address) {
            match key {
                Key::Account(_) => {
                    failures.remove(&key);
                }
                Key::Address(_) => {
                    if let Some(bucket) = failures.get_mut(&key) {
                        bucket.level = (bucket.level - 1.0).max(0.0);
                    }
                }
            }
        }
    }

    /// Where no account is named, as with passkeys and one-time links, there is none to count for: one visitor would
    /// bar all others.
    fn keys(&self, account: &str, address: IpAddr) -> impl Iterator<Item = (Key, u32)> + use<> {
        let account = account.trim();
        let named = (!account.is_empty()).then(|| Key::Account(super::bearer::digest(&account.to_lowercase())));
        let address = Key::Address(network(address));
        let (limit, most) = (self.limit, self.limit.saturating_mul(PER_ADDRESS));
        named.map(|key| (key, limit)).into_iter().chain([(address, most)])
    }
}

impl Bucket {
    fn leaked(&self, now: Timestamp, limit: u32) -> f64 {
        let micros = u64::try_from(now.micros_since(self.at)).unwrap_or(0);
        let passed = Duration::from_micros(micros).as_secs_f64() / WINDOW.as_secs_f64();
        (self.level - passed * f64::from(limit)).max(0.0)
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

    use super::Limiter;
    use crate::Failure;

    const START: Timestamp = Timestamp::from_seconds(1_000_000);

    #[test]
    fn guessing_at_one_account_is_bounded_from_any_address_and_ends_with_time() {
        let limiter = Limiter::new(5);
        for n in 0..5 {
            assert!(limiter.take("a@example.org", [10, 0, 0, n].into(), START).is_ok());
        }
        let refused = limiter.take(" A@Example.org", [10, 0, 0, 9].into(), START);
        assert!(
            matches!(refused, Err(Failure::RateLimited(wait)) if wait.as_secs() == 180),
            "{refused:?}"
        );
        assert!(limiter.take("b@example.org", [10, 0, 0, 9].into(), START).is_ok());
        assert!(
            limiter
                .take("a@example.org", [10, 0, 0, 9].into(), START.plus_seconds(181))
                .is_ok()
        );
    }

    #[test]
    fn one_address_cannot_try_all_accounts() {
        let limiter = Limiter::new(2);
        let tried = (0..100)
            .take_while(|n| limiter.take(&n.to_string(), [10, 0, 0, 1].into(), START).is_ok())
            .count();
        assert_eq!(tried, 20);
    }

    #[test]
    fn without_an_account_nobody_bars_those_at_other_addresses() {
        let limiter = Limiter::new(2);
        while limiter.take("", [10, 0, 0, 1].into(), START).is_ok() {}
        assert!(limiter.take("", [10, 0, 0, 2].into(), START).is_ok());
    }

    #[test]
    fn a_right_password_clears_the_account() {
        let limiter = Limiter::new(2);
        limiter.take("a", [10, 0, 0, 1].into(), START).unwrap();
        limiter.take("a", [10, 0, 0, 1].into(), START).unwrap();
        limiter.succeeded("a", [10, 0, 0, 1].into());
        assert!(limiter.take("a", [10, 0, 0, 1].into(), START).is_ok());
    }
}
