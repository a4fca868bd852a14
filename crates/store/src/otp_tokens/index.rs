//! What of a token is searched as text, and SQLite's trigram index over it.

use claviger_domain::ids::UserId;
use uuid::Uuid;

use crate::dialect::{Bulk, Dialect, Kind};
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Value;

const RENAME: &str = "UPDATE otp_tokens SET holder = $3, search = serial_norm || $4
    WHERE tenant_id = $1 AND user_id = $2";
const OF_USER: &str = "SELECT id FROM otp_tokens WHERE tenant_id = $1 AND user_id = $2";
const DROP: &str = "DELETE FROM otp_tokens_search WHERE rowid IN
    (SELECT row_id FROM otp_tokens WHERE tenant_id = $1 AND id = ANY($2))";
const PUT: &str = "INSERT INTO otp_tokens_search (rowid, search)
    SELECT row_id, search FROM otp_tokens WHERE tenant_id = $1 AND id = ANY($2)";
const SQLITE_MERGE: &str = "INSERT INTO otp_tokens_search (otp_tokens_search, rank) VALUES ('merge', $1)";
const INDEX: Bulk = Bulk {
    table: "otp_tokens_search",
    columns: &[("rowid", Kind::Int), ("search", Kind::Text)],
    on_conflict: "",
};
/// So many tokens of a change are worth a page of merging.
const A_PAGE: usize = 20;

/// Puts new tokens into SQLite's index, each with its `row_id` and text.
pub(super) async fn index_new(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let tokens = rows.len();
    INDEX.insert(tx, rows).await?;
    merge(tx, tokens).await
}

/// Writes a user's new name on the tokens that the user has.
pub(crate) async fn rename_holder(tx: &mut Tx, user: UserId, folded: &str) -> Result<(), Error> {
    let key = [tx.tenant().as_uuid().into(), user.as_uuid().into()];
    let rows = tx.query(OF_USER, &key).await?;
    let [tenant, user] = key;
    tx.execute(RENAME, &[tenant, user, folded.into(), format!("\n{folded}").into()])
        .await?;
    refresh(tx, rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?).await
}

/// Brings SQLite's index up to date with rows that were changed; PostgreSQL's follows the column.
pub(super) async fn refresh(tx: &mut Tx, ids: Vec<Uuid>) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres || ids.is_empty() {
        return Ok(());
    }
    let (tokens, values) = (ids.len(), [tx.tenant().as_uuid().into(), ids.into()]);
    tx.execute(DROP, &values).await?;
    tx.execute(PUT, &values).await?;
    merge(tx, tokens).await
}

/// Merges parts of SQLite's index, a share for each change, so that nobody pays for all of it at once.
pub(super) async fn merge(tx: &mut Tx, tokens: usize) -> Result<(), Error> {
    let pages = i64::try_from(1 + tokens / A_PAGE).unwrap_or(i64::MAX);
    tx.execute(SQLITE_MERGE, &[pages.into()]).await.map(drop)
}
