//! The switches: one change of the batch's row that makes all its keys visible, or hides them.

use claviger_domain::ids::{BatchId, TenantId};

use super::{Batch, Ending, Goods, Status};
use crate::counters::{self, Deltas};
use crate::dialect::Dialect;
use crate::emergency_codes;
use crate::error::Error;
use crate::otp_tokens;
use crate::policies;
use crate::security_keys::Shelf;
use crate::tx::{Reader, Tx};

const APPLY: &str = "UPDATE batches SET status = 'applied', updated_at = $3, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND status = 'applying' AND ending IS NULL AND written = accepted";
const ABANDON: &str = "UPDATE batches SET status = 'applying', ending = $4, updated_at = $3, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND status IN ('checking', 'applying') AND ending IS NULL";
const UNDO: &str = "UPDATE batches SET status = 'undoing', updated_at = $3, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND status = 'applied'";
/// Waits for an undo that is being committed, and makes one that begins wait for this job.
const APPLIED: &str = "SELECT id FROM batches WHERE tenant_id = $1 AND id = $2 AND status = 'applied' FOR SHARE";

/// Why an import is not undone.
#[derive(Clone, Debug, thiserror::Error)]
pub enum UndoRefused {
    /// Keys of it were changed or deleted since.
    #[error("{keys} keys of this import were changed or deleted since")]
    Touched {
        /// How many.
        keys: u64,
    },
    /// It brought no keys.
    #[error("this import brought no keys")]
    Empty,
    /// The store failed, or the import is not applied.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Makes all keys of an import visible at once and counts them; the caller records the one audit event. Emergency codes of
/// users who get a token that works die.
///
/// # Errors
/// [`Error::Stale`] when it is not applying, was stopped, or keys are missing.
pub async fn apply(tx: &mut Tx, batch: &Batch) -> Result<(), Error> {
    turn(tx, APPLY, batch.id).await?;
    if batch.goods == Goods::OtpTokens {
        emergency_codes::remove_relieved(tx, batch.keys.first(), batch.keys.last()).await?;
    }
    counted(tx, batch, 1).await?.write(tx).await
}

/// Stops an import; its keys stay hidden until [`super::clear_chunk`] has taken them out and
/// [`super::finish_clearing`] gives it its ending.
///
/// # Errors
/// [`Error::Stale`] when it is neither checking nor applying.
pub async fn abandon(tx: &mut Tx, id: BatchId, ending: Ending) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        tx.now().into(),
        ending.as_str().into(),
    ];
    tx.guarded(ABANDON, &values).await
}

/// Hides all keys of an import at once, on their way out; the caller records the one audit event.
///
/// # Errors
/// [`UndoRefused::Touched`] when a key was changed or deleted since; [`UndoRefused::Empty`]; [`Error::Stale`] when it is
/// not applied.
pub async fn begin_undo(tx: &mut Tx, batch: &Batch) -> Result<(), UndoRefused> {
    if batch.counts.accepted == 0 {
        return Err(UndoRefused::Empty);
    }
    turn(tx, UNDO, batch.id).await?;
    // Read behind the update: it waited for every job that was touching a key of the batch.
    let tenant = tx.tenant();
    let keys = counters::sum(tx, tenant, touched(batch.id)).await?;
    if keys > 0 {
        return Err(UndoRefused::Touched {
            keys: keys.unsigned_abs(),
        });
    }
    Ok(counted(tx, batch, -1).await?.write(tx).await?)
}

/// Whether an import can be undone: applied, with keys, and none of them touched since.
///
/// # Errors
/// What the engine meets.
pub async fn undoable(reader: &mut Reader, tenant: TenantId, batch: &Batch) -> Result<bool, Error> {
    let brought = batch.status == Status::Applied && batch.counts.accepted > 0;
    Ok(brought && counters::sum(reader, tenant, touched(batch.id)).await? == 0)
}

/// Name of the counter of an import's keys that are no longer as they were imported.
pub(crate) fn touched(batch: BatchId) -> String {
    format!("batch.touched.{batch}")
}

/// Refuses to touch a key of an import that is being hidden at this moment.
pub(crate) async fn require_applied(tx: &mut Tx, batch: BatchId) -> Result<(), Error> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(()); // One writer: what the job has read is still so.
    }
    let values = [tx.tenant().as_uuid().into(), batch.as_uuid().into()];
    tx.query_opt(APPLIED, &values).await?.map(drop).ok_or(Error::Stale)
}

async fn turn(tx: &mut Tx, sql: &'static str, id: BatchId) -> Result<(), Error> {
    let values = [tx.tenant().as_uuid().into(), id.as_uuid().into(), tx.now().into()];
    tx.guarded(sql, &values).await
}

async fn counted(tx: &mut Tx, batch: &Batch, sign: i64) -> Result<Deltas, Error> {
    let keys = i64::try_from(batch.counts.accepted).unwrap_or(i64::MAX) * sign;
    let mut deltas = Deltas::default();
    if batch.goods == Goods::OtpTokens {
        let disabled = otp_tokens::disabled_in_range(tx, batch.keys.first(), batch.keys.last()).await? * sign;
        deltas.add(otp_tokens::ACTIVE.to_owned(), keys - disabled);
        deltas.add(otp_tokens::DISABLED.to_owned(), disabled);
        return Ok(deltas);
    }
    deltas.add(Shelf::imported(batch.policy.is_some()).counter(), keys);
    if let Some((policy, _)) = batch.policy {
        deltas.add(policies::linked(policy), keys);
    }
    Ok(deltas)
}
