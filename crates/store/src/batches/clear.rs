//! Keys going out again, hidden, in chunks.

use claviger_domain::ids::BatchId;
use uuid::Uuid;

use super::{Batch, Ending, Goods, Status};
use crate::counters;
use crate::error::Error;
use crate::tx::Tx;
use crate::{otp_tokens, security_keys};

const REST: &str = "SELECT id FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3
    ORDER BY id LIMIT $4";
const REST_OF_TOKENS: &str = "SELECT id FROM otp_tokens WHERE tenant_id = $1 AND id >= $2 AND id <= $3
    ORDER BY id LIMIT $4";
const FINISH: &str = "UPDATE batches SET status = $4, ending = NULL, updated_at = $3, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $5";

/// Takes out up to `limit` keys of an import that was stopped or is being undone; answers how many.
/// At 0 it is done.
///
/// # Errors
/// [`Error::Stale`] when the import is not on its way out.
pub async fn clear_chunk(tx: &mut Tx, id: BatchId, limit: u32) -> Result<u64, Error> {
    let batch = leaving(tx, id).await?;
    let tenant = tx.tenant().as_uuid();
    let range = [
        tenant.into(),
        batch.keys.first().into(),
        batch.keys.last().into(),
        limit.into(),
    ];
    let rest = match batch.goods {
        Goods::SecurityKeys => REST,
        Goods::OtpTokens => REST_OF_TOKENS,
    };
    let rows = tx.query(rest, &range).await?;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(0);
    };
    let (first, last): (Uuid, Uuid) = (first.get(0)?, last.get(0)?);
    match batch.goods {
        Goods::SecurityKeys => security_keys::remove_range(tx, first, last).await,
        Goods::OtpTokens => otp_tokens::remove_range(tx, first, last).await,
    }
}

/// Gives an import its final status once its keys are out.
///
/// # Errors
/// [`Error::Stale`] when keys are left or the import is not on its way out.
pub async fn finish_clearing(tx: &mut Tx, id: BatchId) -> Result<Status, Error> {
    let batch = leaving(tx, id).await?;
    let (first, last) = (batch.keys.first(), batch.keys.last());
    let left = match batch.goods {
        Goods::SecurityKeys => security_keys::some_in_range(tx, first, last).await?,
        Goods::OtpTokens => otp_tokens::some_in_range(tx, first, last).await?,
    };
    if left {
        return Err(Error::Stale);
    }
    let status = match batch.ending {
        Some(Ending::Cancelled) => Status::Cancelled,
        Some(Ending::Failed) => Status::Failed,
        None => Status::Undone,
    };
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        tx.now().into(),
        status.as_str().into(),
        batch.revision.get().into(),
    ];
    tx.guarded(FINISH, &values).await?;
    counters::forget(tx, super::touched(id)).await?;
    Ok(status)
}

async fn leaving(tx: &mut Tx, id: BatchId) -> Result<Batch, Error> {
    let tenant = tx.tenant();
    let batch = super::get(tx, tenant, id).await?.ok_or(Error::Stale)?;
    let leaving = batch.status == Status::Undoing || batch.ending.is_some();
    if leaving { Ok(batch) } else { Err(Error::Stale) }
}
