//! Rows that were refused, kept for the rejects file in chunks that the importer makes.

use claviger_domain::ids::{BatchId, TenantId};

use crate::error::Error;
use crate::tx::{Reader, Tx};

const PUT: &str = "INSERT INTO batch_rejects (tenant_id, batch_id, number, body) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, batch_id, number) DO UPDATE SET body = excluded.body";
const GET: &str = "SELECT body FROM batch_rejects WHERE tenant_id = $1 AND batch_id = $2 AND number = $3";

/// Keeps a chunk of the rejects file; chunks are numbered from 0 on. The same number again replaces it.
///
/// # Errors
/// What the engine meets.
pub async fn put_rejects(tx: &mut Tx, batch: BatchId, number: u32, body: Vec<u8>) -> Result<(), Error> {
    let tenant = tx.tenant().as_uuid();
    let values = [tenant.into(), batch.as_uuid().into(), number.into(), body.into()];
    tx.execute(PUT, &values).await.map(drop)
}

/// A chunk of the rejects file; `None` behind the last.
///
/// # Errors
/// What the engine meets.
pub async fn rejects(
    reader: &mut Reader,
    tenant: TenantId,
    batch: BatchId,
    number: u32,
) -> Result<Option<Vec<u8>>, Error> {
    let values = [tenant.as_uuid().into(), batch.as_uuid().into(), number.into()];
    reader
        .query_opt(GET, &values)
        .await?
        .map(|row| row.get("body"))
        .transpose()
}
