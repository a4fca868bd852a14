//! Passwords: argon2id on a bounded pool, and the same time for accounts that do not exist.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::{Failure, ports};

/// 64 MiB, 3 passes, 1 lane: OWASP's advice and RFC 9106 §4's second choice, on one core.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// How many sign-ins may wait for a worker before more are turned away.
const WAITING: usize = 64;
/// Least characters of a password (NIST SP 800-63B-4 §3.1.1.2 asks 15 alone, 8 beside another factor).
const LEAST: usize = 12;
const MOST: usize = 256;

/// Hashes and checks passwords, a few at a time.
#[derive(Clone)]
pub struct Passwords {
    workers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    cost: Params,
    /// Hash of a password that nobody knows, checked for accounts that do not exist.
    nobody: Arc<str>,
}

impl Passwords {
    /// A pool of so many workers.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn new(workers: usize) -> Result<Self, Failure> {
        Self::with_cost(workers, MEMORY_KIB, PASSES)
    }

    /// A pool with a lower cost, for tests that sign in often.
    ///
    /// # Errors
    /// When there is no randomness, or the cost is none.
    pub fn with_cost(workers: usize, memory_kib: u32, passes: u32) -> Result<Self, Failure> {
        let cost = Params::new(memory_kib, passes, 1, None).map_err(|error| Failure::internal(error.to_string()))?;
        let unknown = data_encoding::HEXLOWER.encode(&ports::random::<32>()?);
        let nobody = hash(&cost, &unknown)?;
        Ok(Self {
            workers: Arc::new(Semaphore::new(workers.max(1))),
            queue: Arc::new(Semaphore::new(WAITING)),
            cost,
            nobody: nobody.into(),
        })
    }

    /// The hash to store for a new password (PHC string).
    ///
    /// # Errors
    /// When the password is too short or too long.
    pub async fn hash(&self, pointer: &str, password: String) -> Result<String, Failure> {
        acceptable(pointer, &password)?;
        let cost = self.cost.clone();
        self.run(move || hash(&cost, &Zeroizing::new(password))).await?
    }

    /// Whether the password is the one stored. Without a stored one the answer is no, after the same time.
    ///
    /// # Errors
    /// When too many wait already.
    pub async fn verify(&self, stored: Option<String>, password: String) -> Result<bool, Failure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let right = self.run(move || verify(&stored, &Zeroizing::new(password))).await?;
        Ok(known && right)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let overloaded = || Failure::Unavailable(std::time::Duration::from_secs(2));
        let _place = self.queue.try_acquire().map_err(|_| overloaded())?;
        let _worker = self.workers.acquire().await.map_err(|_| overloaded())?;
        tokio::task::spawn_blocking(work).await.map_err(Failure::internal)
    }
}

fn acceptable(pointer: &str, password: &str) -> Result<(), Failure> {
    let length = password.chars().count();
    if (LEAST..=MOST).contains(&length) {
        return Ok(());
    }
    Err(Failure::invalid(
        pointer,
        format!("a password has {LEAST} to {MOST} characters"),
    ))
}

fn argon2(cost: &Params) -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.clone())
}

fn hash(cost: &Params, password: &str) -> Result<String, Failure> {
    let salt = SaltString::encode_b64(&ports::random::<16>()?).map_err(|error| Failure::internal(error.to_string()))?;
    let hash = argon2(cost).hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string())
        .map_err(|error| Failure::internal(error.to_string()))
}

/// Verifies with the parameters that the stored hash names, so that old hashes live on when the cost rises.
fn verify(stored: &str, password: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::Passwords;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_passes() {
        let pool = Passwords::with_cost(1, 64, 1).unwrap();
        let stored = pool.hash("/password", "correct horse battery".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(
            pool.verify(Some(stored.clone()), "correct horse battery".into())
                .await
                .unwrap()
        );
        assert!(!pool.verify(Some(stored), "correct horse batterz".into()).await.unwrap());
        assert!(!pool.verify(None, "correct horse battery".into()).await.unwrap());
        assert!(pool.hash("/password", "short".into()).await.is_err());
    }
}
