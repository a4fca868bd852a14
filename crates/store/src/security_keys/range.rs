//! Keys of one unbroken range of ids: how an import puts them into the search index and takes them out.

use claviger_domain::ids::SecurityKeyId;
use uuid::Uuid;

use crate::dialect::Dialect;
use crate::error::Error;
use crate::tx::Tx;

const INDEX: &str = "INSERT INTO security_keys_search (rowid, search) SELECT row_id, search FROM security_keys
    WHERE tenant_id = $1 AND id >= $2 AND id <= $3 ORDER BY id";
const UNINDEX: &str = "DELETE FROM security_keys_search WHERE rowid IN
    (SELECT row_id FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3)";
const REMOVE: &str = "DELETE FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3";
const FORGET: &str = "DELETE FROM key_history WHERE tenant_id = $1 AND security_key_id >= $2 AND security_key_id <= $3";
const SOME: &str = "SELECT 1 AS found FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3 LIMIT 1";

/// Puts new keys into SQLite's search index in one statement: a trigger per row makes an import six times slower.
pub(crate) async fn index_range(tx: &mut Tx, first: SecurityKeyId, last: SecurityKeyId) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        return Ok(()); // Its index follows the column.
    }
    let tenant = tx.tenant().as_uuid();
    tx.execute(INDEX, &[tenant.into(), first.as_uuid().into(), last.as_uuid().into()])
        .await
        .map(drop)
}

/// Takes keys out for good; answers how many there were.
pub(crate) async fn remove_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<u64, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    if tx.dialect() == Dialect::Sqlite {
        tx.execute(UNINDEX, &range).await?;
    }
    tx.execute(FORGET, &range).await?;
    tx.execute(REMOVE, &range).await
}

/// Whether any key has an id in the range.
pub(crate) async fn some_in_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<bool, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    Ok(tx.query_opt(SOME, &range).await?.is_some())
}
