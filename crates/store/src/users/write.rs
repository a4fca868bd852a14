//! Changes of users, each guarded by the revision that was read, with their counters in the same transaction.

use claviger_domain::user::{User, UserStatus};

use super::count::counter;
use super::index;
use super::row::{searchable, values};
use crate::counters::Deltas;
use crate::dialect::{Bulk, Dialect, Kind, transposed};
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Value;
use crate::{otp_tokens, security_keys};

/// Columns of a new user; the first is SQLite's alone.
const COLUMNS: &[(&str, Kind)] = &[
    ("row_id", Kind::Int),
    ("tenant_id", Kind::Uuid),
    ("id", Kind::Uuid),
    ("user_name", Kind::Text),
    ("user_name_folded", Kind::Text),
    ("display_name", Kind::Text),
    ("display_name_folded", Kind::Text),
    ("email", Kind::Text),
    ("email_folded", Kind::Text),
    ("locale", Kind::Text),
    ("search", Kind::Text),
    ("status", Kind::Text),
    ("disabled_at", Kind::Int),
    ("updated_at", Kind::Int),
    ("revision", Kind::Int),
    ("created_at", Kind::Int),
];
const UPDATE_ONE: &str = "UPDATE users SET user_name = $3, user_name_folded = $4, display_name = $5,
    display_name_folded = $6, email = $7, email_folded = $8, locale = $9, search = $10, status = $11,
    disabled_at = $12, updated_at = $13, revision = $14 WHERE tenant_id = $1 AND id = $2 AND revision = $15";
const UPDATE_MANY: &str = "UPDATE users u SET user_name = n.user_name, user_name_folded = n.user_name_folded,
    display_name = n.display_name, display_name_folded = n.display_name_folded, email = n.email,
    email_folded = n.email_folded, locale = n.locale, search = n.search, status = n.status,
    disabled_at = n.disabled_at, updated_at = n.updated_at, revision = n.revision
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
    AS n (tenant_id, id, user_name, user_name_folded, display_name, display_name_folded, email, email_folded,
    locale, search, status, disabled_at, updated_at, revision, was)
    WHERE u.tenant_id = n.tenant_id AND u.id = n.id AND u.revision = n.was";
/// Across tenants: the file's last row. There is one writer, so that nobody else takes the numbers behind it.
const SQLITE_LAST_ROW: &str = "SELECT COALESCE(MAX(row_id), 0) AS last FROM users";
/// More rows than this go in several statements.
const CHUNK: usize = 2_000;

/// A user as he was read, and as he is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// As he was read.
    pub before: User,
    /// As the domain decided.
    pub after: User,
}

/// Adds a user.
///
/// # Errors
/// [`Error::Duplicate`] in `users` when the name is taken.
pub async fn insert(tx: &mut Tx, user: &User) -> Result<(), Error> {
    insert_many(tx, std::slice::from_ref(user)).await
}

/// Adds users.
///
/// # Errors
/// As [`insert`].
pub async fn insert_many(tx: &mut Tx, users: &[User]) -> Result<(), Error> {
    let (tenant, mut deltas) = (tx.tenant(), Deltas::default());
    let mut rows = Vec::with_capacity(users.len());
    for user in users {
        deltas.add(counter(user.status()), 1);
        let mut row = values(tenant, user);
        row.push(user.created_at().into());
        rows.push(row);
    }
    put(tx, rows).await?;
    index::put(tx, users).await?;
    deltas.write(tx).await
}

/// Writes new rows; SQLite's with the numbers by which its search index knows them.
async fn put(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    if tx.dialect() == Dialect::Postgres {
        let columns = COLUMNS.get(1..).unwrap_or_default();
        return inserting(columns).insert(tx, rows).await.map(drop);
    }
    let last: i64 = tx.query_one(SQLITE_LAST_ROW, &[]).await?.get("last")?;
    let numbered = (last + 1..).zip(rows).map(|(number, mut row)| {
        row.insert(0, number.into());
        row
    });
    inserting(COLUMNS).insert(tx, numbered.collect()).await.map(drop)
}

const fn inserting(columns: &'static [(&'static str, Kind)]) -> Bulk {
    Bulk {
        table: "users",
        columns,
        on_conflict: "",
    }
}

/// Replaces `before` by `after`, and what the keys that the user holds keep of him.
///
/// # Errors
/// [`Error::Stale`] when the row has changed since `before` was read; [`Error::Duplicate`] when the new name is taken.
pub async fn save(tx: &mut Tx, before: &User, after: &User) -> Result<(), Error> {
    let change = Changed {
        before: before.clone(),
        after: after.clone(),
    };
    save_many(tx, &[change]).await
}

/// Replaces many users.
///
/// # Errors
/// As [`save`].
pub async fn save_many(tx: &mut Tx, changed: &[Changed]) -> Result<(), Error> {
    let (tenant, mut deltas) = (tx.tenant(), Deltas::default());
    for chunk in changed.chunks(CHUNK) {
        let row = |change: &Changed| {
            let mut row = values(tenant, &change.after);
            row.push(change.before.revision().get().into());
            row
        };
        update(tx, chunk.iter().map(row).collect()).await?;
    }
    let other = |change: &&Changed| searchable(&change.before) != searchable(&change.after);
    index::refresh(tx, changed.iter().filter(other).map(|change| &change.after).collect()).await?;
    // Behind the update: keys that were assigned meanwhile are seen.
    for Changed { before, after } in changed {
        deltas.add(counter(before.status()), -1);
        deltas.add(counter(after.status()), 1);
        if before.user_name().folded() != after.user_name().folded() {
            let folded = after.user_name().folded();
            security_keys::rename_holder(tx, before.id(), &folded).await?;
            otp_tokens::rename_holder(tx, before.id(), &folded).await?;
        }
        if before.status() != after.status() {
            let disabled = after.status() == UserStatus::Disabled;
            security_keys::mark_holder(tx, before.id(), disabled).await?;
        }
    }
    deltas.write(tx).await
}

async fn update(tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    let wanted = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let changed = match (tx.dialect(), rows.as_slice()) {
        (_, []) => 0,
        (_, [row]) => tx.execute(UPDATE_ONE, row).await?,
        (Dialect::Sqlite, rows) => tx.execute_rows(UPDATE_ONE, rows)?,
        (Dialect::Postgres, _) => tx.execute_columns(UPDATE_MANY, transposed(rows)).await?,
    };
    if changed == wanted { Ok(()) } else { Err(Error::Stale) }
}
