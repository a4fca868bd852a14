//! Brings a SQLite file up to date. An exclusive transaction is the lease: two servers that start at
//! once take turns, and the second finds nothing to do.

use futures_util::FutureExt;
use uuid::Uuid;

use super::{LIST, RECORD, missing, outdated};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::tx::Engine;
use crate::tx::Reader;
use crate::value::Value;

const BOOKS: &str = "
    CREATE TABLE IF NOT EXISTS schema_migrations (
        tenant_id BLOB NOT NULL,
        version INTEGER NOT NULL,
        name TEXT NOT NULL,
        checksum BLOB NOT NULL,
        applied_at INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, version)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS leases (
        tenant_id BLOB NOT NULL,
        name TEXT NOT NULL,
        number INTEGER NOT NULL,
        holder BLOB NOT NULL,
        expires_at INTEGER NOT NULL,
        PRIMARY KEY (tenant_id, name, number)
    ) STRICT;";

const SQLITE_AUTOMERGE: &str = "SELECT v FROM security_keys_search_config WHERE k = 'automerge'";
const SQLITE_NO_AUTOMERGE: &str =
    "INSERT INTO security_keys_search (security_keys_search, rank) VALUES ('automerge', 0)";

/// Checks the schema and, when allowed, applies the steps that are missing.
pub(crate) fn prepare(reader: &mut Reader, migrate: bool) -> Result<(), Error> {
    let Engine::Sqlite(_) = reader.engine() else {
        return Ok(());
    };
    ready(reader.batch("BEGIN EXCLUSIVE"))?;
    let done = apply(reader, migrate);
    let end = ready(reader.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }));
    done.and(end)
}

fn apply(reader: &mut Reader, migrate: bool) -> Result<(), Error> {
    ready(reader.batch(BOOKS))?;
    let applied = ready(reader.rows(LIST, &[]))?;
    let missing = missing(&applied, Dialect::Sqlite)?;
    if !migrate {
        return outdated(missing);
    }
    for step in missing {
        ready(reader.batch(step.sqlite))?;
        let now = ready(reader.query_one("SELECT unixepoch() * 1000000", &[]))?;
        let values: [Value; 5] = [
            Uuid::nil().into(),
            step.version.into(),
            step.name.into(),
            step.checksum(Dialect::Sqlite).into(),
            now.get::<i64>(0)?.into(),
        ];
        ready(reader.change(RECORD, &values))?;
    }
    ready(leave_merging_to_us(reader))
}

/// The search index does not merge by itself: each change merges its share, so that none has to merge for many.
async fn leave_merging_to_us(reader: &mut Reader) -> Result<(), Error> {
    let told = reader.query(SQLITE_AUTOMERGE, &[]).await?;
    if told
        .iter()
        .any(|row| row.get::<i64>(0).is_ok_and(|merging| merging == 0))
    {
        return Ok(());
    }
    reader.batch(SQLITE_NO_AUTOMERGE).await
}

fn ready<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    future
        .now_or_never()
        .unwrap_or_else(|| Err(Error::inconsistent("a statement waited")))
}
