//! Brings a PostgreSQL database up to date, under a lease row: of two servers that start at once one
//! applies the steps, and the other waits and finds them done.

use std::time::Duration;

use uuid::Uuid;

use super::{LIST, Migration, RECORD, missing, outdated};
use crate::dialect::Dialect;
use crate::error::{Error, Fault};
use crate::postgres::lease::{give_back, take};
use crate::tx::Tx;
use crate::value::Value;

const BOOKS: &str = r#"
    CREATE TABLE IF NOT EXISTS schema_migrations (
        tenant_id uuid NOT NULL,
        version bigint NOT NULL,
        name text COLLATE "C" NOT NULL,
        checksum bytea NOT NULL,
        applied_at bigint NOT NULL,
        PRIMARY KEY (tenant_id, version)
    );
    CREATE TABLE IF NOT EXISTS leases (
        tenant_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        number bigint NOT NULL,
        holder uuid NOT NULL,
        expires_at bigint NOT NULL,
        PRIMARY KEY (tenant_id, name, number)
    );"#;
const POSTGRES_HAS_BOOKS: &str = "SELECT 1::bigint AS books WHERE to_regclass('schema_migrations') IS NOT NULL
    AND to_regclass('leases') IS NOT NULL";
const POSTGRES_MAY_CREATE: &str = "SELECT current_user::text AS role, current_database()::text AS database,
    COALESCE(current_schema()::text, '') AS schema,
    COALESCE(has_schema_privilege(current_schema(), 'CREATE'), FALSE) AS may";
const POSTGRES_HAS_TRIGRAMS: &str = "SELECT 1::bigint AS found FROM pg_extension WHERE extname = 'pg_trgm'";
const MAKE_TRIGRAMS: &str = "CREATE EXTENSION IF NOT EXISTS pg_trgm";
const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
const RENEWED: &str = "a step of the schema took longer than its lease";

/// Checks the schema and, when allowed, applies the steps that are missing.
pub(crate) async fn prepare(tx: &mut Tx, migrate: bool, holder: Uuid) -> Result<(), Error> {
    if !migrate {
        return outdated(missing(&tx.rows(LIST, &[]).await?, Dialect::Postgres)?);
    }
    // A role that only works with the tables may start a server on a schema that is up to date.
    if tx.rows(POSTGRES_HAS_BOOKS, &[]).await?.is_empty() {
        may_create(tx).await?;
        books(tx).await?;
    }
    for _ in 0..1_200 {
        if missing(&tx.rows(LIST, &[]).await?, Dialect::Postgres)?.is_empty() {
            return Ok(());
        }
        may_create(tx).await?;
        if take(tx, "migrate", 0, holder).await? {
            let applied = apply(tx, holder).await;
            let released = give_back(tx, "migrate", 0, holder).await;
            return applied.and(released);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Error::driver(Fault::Conflict, "another server is changing the schema"))
}

/// `IF NOT EXISTS` is no protection against two at once: the loser meets a unique key of the catalogue.
async fn books(tx: &mut Tx) -> Result<(), Error> {
    let mut last = Ok(());
    for _ in 0..20 {
        last = tx.batch(BOOKS).await;
        if last.is_ok() {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    last
}

/// Says which privilege is missing, and how it is given, before anything is tried.
async fn may_create(tx: &mut Tx) -> Result<(), Error> {
    let row = tx.query_one(POSTGRES_MAY_CREATE, &[]).await?;
    if row.get("may")? {
        return Ok(());
    }
    let (role, database, schema) = (row.text("role")?, row.text("database")?, row.text("schema")?);
    Err(Error::driver(
        Fault::Denied,
        if schema.is_empty() {
            format!(
                "the role {role} may use no schema of its search path in the database {database}; let the database's \
                 owner run: GRANT USAGE, CREATE ON SCHEMA public TO \"{role}\""
            )
        } else {
            format!(
                "the schema is not up to date, and the role {role} may not create tables in it; let the owner of the \
                 database {database} run: GRANT CREATE ON SCHEMA \"{schema}\" TO \"{role}\", or run `claviger migrate` as \
                 the owner"
            )
        },
    ))
}

/// The search needs an extension that not every role may create, nor every server has.
async fn trigrams(tx: &mut Tx) -> Result<(), Error> {
    if !tx.rows(POSTGRES_HAS_TRIGRAMS, &[]).await?.is_empty() {
        return Ok(());
    }
    tx.batch(MAKE_TRIGRAMS).await.map_err(|error| match error.fault() {
        Some(Fault::Denied) => Error::driver(
            Fault::Denied,
            "the role may not create the extension pg_trgm, which the search needs; let the database's owner or a \
             superuser run in this database: CREATE EXTENSION pg_trgm",
        ),
        Some(Fault::Other | Fault::Io) => Error::driver(
            Fault::Other,
            format!(
                "the extension pg_trgm, which the search needs, cannot be created; install PostgreSQL's contrib modules \
                 (`postgresql-contrib` on some systems): {error}"
            ),
        ),
        Some(Fault::Full | Fault::Connection | Fault::Conflict | Fault::Constraint) | None => error,
    })
}

async fn apply(tx: &mut Tx, holder: Uuid) -> Result<(), Error> {
    trigrams(tx).await?;
    let applied = tx.rows(LIST, &[]).await?;
    for step in missing(&applied, Dialect::Postgres)? {
        tx.batch("BEGIN").await?;
        let done = apply_one(tx, step, holder).await;
        let end = tx.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
        done.and(end)?;
    }
    Ok(())
}

async fn apply_one(tx: &mut Tx, step: &Migration, holder: Uuid) -> Result<(), Error> {
    tx.batch(step.postgres).await?;
    let now = tx.query_one(NOW, &[]).await?;
    let values: [Value; 5] = [
        Uuid::nil().into(),
        step.version.into(),
        step.name.into(),
        step.checksum(Dialect::Postgres).into(),
        now.get::<i64>(0)?.into(),
    ];
    tx.execute(RECORD, &values).await?;
    if take(tx, "migrate", 0, holder).await? {
        Ok(())
    } else {
        Err(Error::driver(Fault::Conflict, RENEWED))
    }
}
