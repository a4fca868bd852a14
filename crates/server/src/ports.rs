//! Clock and randomness: the only two places that ask the machine for either.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use claviger_domain::Timestamp;
use rand::{TryRngCore, rngs::OsRng};
use uuid::Uuid;

/// Tells the time; tests can move it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead: Arc<AtomicI64>,
}

impl Clock {
    /// Now, in microseconds, UTC.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock's port")]
    pub fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        Timestamp::from_micros(micros.saturating_add(self.ahead.load(Ordering::Relaxed)))
    }

    /// Moves this clock ahead, for tests of expiry.
    pub fn advance(&self, by: std::time::Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.ahead.fetch_add(micros, Ordering::Relaxed);
    }

    /// Moves this clock back, for tests of clocks that jump.
    pub fn back(&self, by: std::time::Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.ahead.fetch_sub(micros, Ordering::Relaxed);
    }
}

/// The operating system had no randomness to give.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct NoEntropy(rand::rand_core::OsError);

/// Random bytes from the operating system.
///
/// # Errors
/// When the operating system has none: nothing may be made up in their place.
pub fn random<const N: usize>() -> Result<[u8; N], NoEntropy> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(NoEntropy)?;
    Ok(bytes)
}

/// A new id: UUIDv7, so that ids sort by birth.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the port of ids")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
