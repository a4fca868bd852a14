//! What of a key is searched as text, and SQLite's trigram index over it.

use claviger_domain::ids::UserId;
use uuid::Uuid;

use crate::dialect::Dialect;
use crate::error::Error;
use crate::tx::Tx;

const RENAME: &str = "UPDATE security_keys SET holder = $3, search = serial_norm || $4
    WHERE tenant_id = $1 AND user_id = $2";
const MARK: &str = "UPDATE security_keys SET user_disabled = $1 WHERE tenant_id = $2 AND user_id = $3";
const TOLD: &str = "UPDATE security_keys SET mail_failed = $1 WHERE tenant_id = $2 AND id = $3 AND mail_failed <> $1";
const NOT_TOLD: &str = "UPDATE security_keys SET mail_failed = $1 WHERE tenant_id = $2 AND id IN
    (SELECT o.subject_id FROM outbox o WHERE o.tenant_id = $2 AND o.kind = $3 AND o.state = 'failed' AND o.updated_at = $4
    AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.tenant_id = $2 AND n.subject_id = o.subject_id AND n.kind = $3
    AND n.id > o.id))";
const OF_USER: &str = "SELECT id FROM security_keys WHERE tenant_id = $1 AND user_id = $2";
const DROP: &str = "DELETE FROM security_keys_search WHERE rowid IN
    (SELECT row_id FROM security_keys WHERE tenant_id = $1 AND id = ANY($2))";
const SQLITE_MERGE: &str = "INSERT INTO security_keys_search (security_keys_search, rank) VALUES ('merge', $1)";
/// So many keys of a change are worth a page of merging.
const KEYS_A_PAGE: usize = 20;
const PUT: &str = "INSERT INTO security_keys_search (rowid, search)
    SELECT row_id, search FROM security_keys WHERE tenant_id = $1 AND id = ANY($2)";

/// The text that a search looks through: the serial number as compared, a line feed, the holder's folded name.
pub(crate) fn searchable(serial: &str, holder: Option<&str>) -> String {
    holder.map_or_else(|| serial.to_owned(), |holder| format!("{serial}\n{holder}"))
}

/// Writes a user's new name on the keys that the user holds or held.
pub(crate) async fn rename_holder(tx: &mut Tx, user: UserId, folded: &str) -> Result<(), Error> {
    let key = [tx.tenant().as_uuid().into(), user.as_uuid().into()];
    let rows = tx.query(OF_USER, &key).await?;
    let [tenant, user] = key;
    tx.execute(RENAME, &[tenant, user, folded.into(), format!("\n{folded}").into()])
        .await?;
    refresh(tx, rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?).await
}

/// Writes on the keys that a user holds or held whether the user is disabled.
pub(crate) async fn mark_holder(tx: &mut Tx, user: UserId, disabled: bool) -> Result<(), Error> {
    let tenant = tx.tenant().as_uuid();
    let values = [disabled.into(), tenant.into(), user.as_uuid().into()];
    tx.execute(MARK, &values).await.map(drop)
}

/// Writes on a key whether the newest mail about it was given up.
pub(crate) async fn mark_mail(tx: &mut Tx, key: Uuid, failed: bool) -> Result<(), Error> {
    let tenant = tx.tenant().as_uuid();
    tx.execute(TOLD, &[failed.into(), tenant.into(), key.into()])
        .await
        .map(drop)
}

/// Writes on the keys of mail that was given up just now that it was.
pub(crate) async fn mark_given_up(tx: &mut Tx, kind: &str) -> Result<(), Error> {
    let (tenant, now) = (tx.tenant().as_uuid(), tx.now());
    let values = [true.into(), tenant.into(), kind.into(), now.into()];
    tx.execute(NOT_TOLD, &values).await.map(drop)
}

/// Brings SQLite's index up to date with rows that were changed.
pub(super) async fn refresh(tx: &mut Tx, ids: Vec<Uuid>) -> Result<(), Error> {
    drop_keys(tx, ids.clone()).await?;
    on_sqlite(tx, PUT, ids).await
}

/// Takes keys out of SQLite's index, before their rows go.
pub(super) async fn drop_keys(tx: &mut Tx, ids: Vec<Uuid>) -> Result<(), Error> {
    on_sqlite(tx, DROP, ids).await
}

/// PostgreSQL's index follows the column.
async fn on_sqlite(tx: &mut Tx, sql: &'static str, ids: Vec<Uuid>) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres || ids.is_empty() {
        return Ok(());
    }
    let (tenant, keys) = (tx.tenant().as_uuid(), ids.len());
    tx.execute(sql, &[tenant.into(), ids.into()]).await?;
    merge(tx, keys).await
}

/// Merges parts of SQLite's index, a share for each change. Left to itself the index merges now and then, a megabyte
/// at a time, and whoever writes then waits ten times as long as usual.
pub(super) async fn merge(tx: &mut Tx, keys: usize) -> Result<(), Error> {
    let pages = i64::try_from(1 + keys / KEYS_A_PAGE).unwrap_or(i64::MAX);
    tx.execute(SQLITE_MERGE, &[pages.into()]).await.map(drop)
}
