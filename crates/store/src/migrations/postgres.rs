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
const NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
const RENEWED: &str = "a step of the schema took longer than its lease";

/// Checks the schema and, when allowed, applies the steps that are missing.
pub(crate) async fn prepare(tx: &mut Tx, migrate: bool, holder: Uuid) -> Result<(), Error> {
    if !migrate {
        return outdated(missing(&tx.rows(LIST, &[]).await?, Dialect::Postgres)?);
    }
    books(tx).await?;
    for _ in 0..1_200 {
        if missing(&tx.rows(LIST, &[]).await?, Dialect::Postgres)?.is_empty() {
            return Ok(());
        }
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

async fn apply(tx: &mut Tx, holder: Uuid) -> Result<(), Error> {
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
