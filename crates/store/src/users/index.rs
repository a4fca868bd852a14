//! SQLite's trigram index over what of a user is searched as text. PostgreSQL's follows the column.

use claviger_domain::ids::UserId;
use claviger_domain::user::User;
use uuid::Uuid;

use crate::dialect::Dialect;
use crate::error::Error;
use crate::tx::{Reader, Tx};

const DROP: &str = "DELETE FROM users_search WHERE rowid IN
    (SELECT row_id FROM users WHERE tenant_id = $1 AND id = ANY($2))";
const PUT: &str = "INSERT INTO users_search (rowid, search)
    SELECT row_id, search FROM users WHERE tenant_id = $1 AND id = ANY($2)";
const SQLITE_MERGE: &str = "INSERT INTO users_search (users_search, rank) VALUES ('merge', $1)";
const MATCH: &str = "SELECT rowid AS row_id FROM users_search WHERE users_search MATCH $1 LIMIT $2";
/// So many users of a change are worth a page of merging.
const A_PAGE: usize = 20;
/// Words that more rows than this may hold are looked for along the order of the list: they are met soon.
const FEW: usize = 10_000;

/// Puts new users into the index.
pub(super) async fn put(tx: &mut Tx, users: &[User]) -> Result<(), Error> {
    on_sqlite(tx, &[PUT], users.iter().map(User::id).collect()).await
}

/// Brings the index up to date with users whose texts were changed.
pub(super) async fn refresh(tx: &mut Tx, users: Vec<&User>) -> Result<(), Error> {
    on_sqlite(tx, &[DROP, PUT], users.into_iter().map(User::id).collect()).await
}

async fn on_sqlite(tx: &mut Tx, statements: &[&'static str], users: Vec<UserId>) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres || users.is_empty() {
        return Ok(());
    }
    let pages = i64::try_from(1 + users.len() / A_PAGE).unwrap_or(i64::MAX);
    let ids: Vec<Uuid> = users.iter().map(UserId::as_uuid).collect();
    let values = [tx.tenant().as_uuid().into(), ids.into()];
    for sql in statements {
        tx.execute(sql, &values).await?;
    }
    tx.execute(SQLITE_MERGE, &[pages.into()]).await.map(drop)
}

/// The rows that hold all these trigrams, in whatever tenant; none on PostgreSQL, and where there are many.
pub(super) async fn candidates(reader: &mut Reader, trigrams: String) -> Result<Option<Vec<i64>>, Error> {
    if reader.dialect() == Dialect::Postgres {
        return Ok(None);
    }
    let limit = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
    let rows = reader.query(MATCH, &[trigrams.into(), limit.into()]).await?;
    if rows.len() > FEW {
        return Ok(None);
    }
    rows.iter()
        .map(|row| row.get("row_id"))
        .collect::<Result<_, _>>()
        .map(Some)
}
