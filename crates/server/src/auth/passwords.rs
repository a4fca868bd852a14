//! Passwords: argon2id on a bounded pool, and the same time for accounts that do not exist.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Output, ParamsString, PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
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
        let nobody = nobody(&cost)?;
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
        claviger_store::threads::spawn_blocking(work)
            .await
            .map_err(Failure::internal)
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

/// The hash of no password that anybody could find: random bytes in a hash's place. Checking against it costs what any
/// check costs, and making it costs nothing, which matters at each start.
fn nobody(cost: &Params) -> Result<String, Failure> {
    let unusable = |error: argon2::password_hash::Error| Failure::internal(error.to_string());
    let salt = SaltString::encode_b64(&ports::random::<16>()?).map_err(unusable)?;
    let output = Output::new(&ports::random::<32>()?).map_err(unusable)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(cost).map_err(unusable)?,
        salt: Some(salt.as_salt()),
        hash: Some(output),
    };
    Ok(hash.to_string())
}

/// Verifies with the parameters that the stored hash names, so that old hashes live on when the cost rises.
fn verify(stored: &str, password: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::PasswordHash;

    use super::{Passwords, hash, verify};

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

    #[test]
    fn an_account_that_does_not_exist_costs_what_one_that_does_costs() {
        let pool = Passwords::with_cost(1, 64, 2).unwrap();
        let known = hash(&pool.cost, "correct horse battery").unwrap();
        let (known, nobody) = (
            PasswordHash::new(&known).unwrap(),
            PasswordHash::new(&pool.nobody).unwrap(),
        );
        assert_eq!(nobody.algorithm, known.algorithm);
        assert_eq!(nobody.version, known.version);
        assert_eq!(nobody.params, known.params);
        assert_eq!(nobody.hash.unwrap().len(), known.hash.unwrap().len());
        assert!(!verify(&pool.nobody, "correct horse battery"));
    }
}
