//! Finds out what became of a transaction whose COMMIT was not answered.

use std::time::Duration;

use deadpool_postgres::Pool;

use super::connect::reader;
use crate::audit::{Moved, was_committed};
use crate::error::Error;
use crate::scope::Scope;
use crate::tx::Tx;

/// How often the server is asked, half a second apart at most.
const TRIES: u64 = 60;

/// Whether it was committed; [`Error::OutcomeUnknown`] when nothing tells, which is so for a job without
/// audit events and for a server that does not come back.
pub(super) async fn outcome(pool: &Pool, moved: &[Moved]) -> Result<bool, Error> {
    let Some(moved) = moved.first() else {
        return Err(Error::OutcomeUnknown);
    };
    for round in 1..=TRIES {
        match ask(pool, moved).await {
            Ok(committed) => return Ok(committed),
            Err(error) => tracing::debug!(%error, round, "the outcome of a commit could not be asked"),
        }
        tokio::time::sleep(Duration::from_millis((round * 20).min(500))).await;
    }
    Err(Error::OutcomeUnknown)
}

async fn ask(pool: &Pool, moved: &Moved) -> Result<bool, Error> {
    let mut tx = Tx::new(reader(pool).await?, Scope::idle());
    tx.batch("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
    let committed = was_committed(&mut tx, moved).await;
    tx.batch("ROLLBACK").await?;
    committed
}
