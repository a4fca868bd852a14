//! Keys of one unbroken range of ids: how an import puts them into the search index and takes them out.

use uuid::Uuid;

use super::index;
use crate::dialect::{Bulk, Dialect, Kind};
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Value;

const INDEX: Bulk = Bulk {
    table: "security_keys_search",
    columns: &[("rowid", Kind::Int), ("search", Kind::Text)],
    on_conflict: "",
};
const UNINDEX: &str = "DELETE FROM security_keys_search WHERE rowid IN
    (SELECT row_id FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3)";
const REMOVE: &str = "DELETE FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3";
const FORGET: &str = "DELETE FROM key_history WHERE tenant_id = $1 AND security_key_id >= $2 AND security_key_id <= $3";
const SOME: &str = "SELECT 1 AS found FROM security_keys WHERE tenant_id = $1 AND id >= $2 AND id <= $3 LIMIT 1";

/// Puts new keys into SQLite's search index, each with its `row_id` and text: a trigger per row makes an
/// import six times slower, and no row need be read back.
pub(crate) async fn index_new(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let keys = rows.len();
    INDEX.insert(tx, rows).await?;
    index::merge(tx, keys).await
}

/// Takes keys out for good; answers how many there were.
pub(crate) async fn remove_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<u64, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    if tx.dialect() == Dialect::Sqlite {
        let keys = tx.execute(UNINDEX, &range).await?;
        index::merge(tx, usize::try_from(keys).unwrap_or_default()).await?;
    }
    tx.execute(FORGET, &range).await?;
    tx.execute(REMOVE, &range).await
}

/// Whether any key has an id in the range.
pub(crate) async fn some_in_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<bool, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    Ok(tx.query_opt(SOME, &range).await?.is_some())
}
