//! Bounds on guessing that outlive a restart and hold on all servers: for each account and address one time, the
//! moment at which it would be as if nothing had happened (a leaking bucket in one number, as in ATM's GCRA).

use std::time::Duration;

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use crate::{Error, Reader, Tx};

/// So many guesses in a window, one more each time a part of it has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// How many.
    pub guesses: u32,
    /// In which time.
    pub window: Duration,
}

const EMPTY_AT: &str = "SELECT empty_at FROM guesses WHERE tenant_id = $1 AND key_hash = $2";
/// $3 is now, $4 now and a step, $5 a step, $6 the time that must not be passed.
const TAKE: &str = "INSERT INTO guesses (tenant_id, key_hash, empty_at) VALUES ($1, $2, $4)
    ON CONFLICT (tenant_id, key_hash) DO UPDATE
    SET empty_at = CASE WHEN guesses.empty_at > $3 THEN guesses.empty_at + $5 ELSE $4 END
    WHERE CASE WHEN guesses.empty_at > $3 THEN guesses.empty_at + $5 ELSE $4 END <= $6";
const GIVE_BACK: &str = "UPDATE guesses SET empty_at = empty_at - $3 WHERE tenant_id = $1 AND key_hash = $2";
const CLEAR: &str = "DELETE FROM guesses WHERE tenant_id = $1 AND key_hash = $2";
const EMPTY: &str = "DELETE FROM guesses WHERE tenant_id = $1 AND empty_at <= $2";

impl Bound {
    /// Microseconds after which one more guess is free.
    fn step(self) -> i64 {
        let window = i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX);
        window / i64::from(self.guesses.max(1))
    }

    fn window(self) -> i64 {
        self.step().saturating_mul(i64::from(self.guesses.max(1)))
    }
}

/// Takes one guess; `Err` inside is how long to wait for the next. One statement, so that servers cannot overtake
/// one another.
///
/// # Errors
/// What the database meets.
pub async fn take(tx: &mut Tx, key_hash: [u8; 32], bound: Bound) -> Result<Result<(), Duration>, Error> {
    let now = tx.now();
    let after = |micros: i64| Timestamp::from_micros(now.as_micros().saturating_add(micros));
    let values = [
        TenantId::SYSTEM.into(),
        key_hash.into(),
        now.into(),
        after(bound.step()).into(),
        bound.step().into(),
        after(bound.window()).into(),
    ];
    if tx.execute(TAKE, &values).await? == 1 {
        return Ok(Ok(()));
    }
    let empty_at = empty_at(tx, key_hash).await?.unwrap_or(now);
    let free = empty_at
        .micros_since(now)
        .saturating_add(bound.step())
        .saturating_sub(bound.window());
    Ok(Err(Duration::from_micros(u64::try_from(free).unwrap_or(0))))
}

/// Gives one guess back: it was right.
///
/// # Errors
/// What the database meets.
pub async fn give_back(tx: &mut Tx, key_hash: [u8; 32], bound: Bound) -> Result<(), Error> {
    let values = [TenantId::SYSTEM.into(), key_hash.into(), bound.step().into()];
    tx.execute(GIVE_BACK, &values).await.map(drop)
}

/// Forgets all guesses.
///
/// # Errors
/// What the database meets.
pub async fn clear(tx: &mut Tx, key_hash: [u8; 32]) -> Result<(), Error> {
    tx.execute(CLEAR, &[TenantId::SYSTEM.into(), key_hash.into()])
        .await
        .map(drop)
}

/// Removes those that count no more; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn delete_empty(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(EMPTY, &[TenantId::SYSTEM.into(), now.into()]).await
}

async fn empty_at(reader: &mut Reader, key_hash: [u8; 32]) -> Result<Option<Timestamp>, Error> {
    let row = reader
        .query_opt(EMPTY_AT, &[TenantId::SYSTEM.into(), key_hash.into()])
        .await?;
    row.map(|row| row.get("empty_at")).transpose()
}
