//! A bare insert into the product's own table: the same columns, indexes and trigrams, without rules, jobs or audit.
//! What is left between this and the product is the product's own cost; the rest is the price of the indexes.

use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{postgres, sqlite};
use crate::dataset;

const CHUNK: usize = 2_000;
const SQLITE: [&str; 2] = [
    include_str!("../../../crates/store/migrations/sqlite/0001_foundation.sql"),
    include_str!("../../../crates/store/migrations/sqlite/0002_inventory.sql"),
];
const POSTGRES: [&str; 2] = [
    include_str!("../../../crates/store/migrations/postgres/0001_foundation.sql"),
    include_str!("../../../crates/store/migrations/postgres/0002_inventory.sql"),
];

/// Fills the product's table, 2,000 rows a commit; answers the time that it took.
pub(crate) async fn filled(url: Option<&str>, rows: u64) -> Result<Duration> {
    match url {
        Some(url) => on_postgres(url, rows).await,
        None => on_sqlite(rows),
    }
}

fn on_sqlite(rows: u64) -> Result<Duration> {
    let folder = tempfile::tempdir()?;
    let mut connection = Connection::open(folder.path().join("bare.db"))?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;")?;
    for migration in SQLITE {
        connection.execute_batch(migration)?;
    }
    let begin = Instant::now();
    let numbers: Vec<u64> = (0..rows).collect();
    for chunk in numbers.chunks(CHUNK) {
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO security_keys (row_id, tenant_id, id, revision, shelf, device_name, serial_number,
                     serial_norm, serial_short, version, search, imported_at, updated_at)
                 VALUES (?1, ?2, ?3, 1, 0, ?4, ?5, ?5, ?6, ?7, ?5, 0, 0)",
            )?;
            let mut index =
                transaction.prepare_cached("INSERT INTO security_keys_search (rowid, search) VALUES (?1, ?2)")?;
            for number in chunk {
                let (row, place) = (dataset::row(*number), i64::try_from(*number)? + 1);
                let id = sqlite::id(*number);
                let (serial, short) = (&row.serial_number, short(&row.serial_number));
                insert.execute(params![
                    place,
                    [0_u8; 16],
                    id,
                    row.device_name,
                    serial,
                    short,
                    row.version
                ])?;
                index.execute(params![place, serial])?;
            }
        }
        transaction.commit()?;
    }
    Ok(begin.elapsed())
}

async fn on_postgres(url: &str, rows: u64) -> Result<Duration> {
    let url = postgres::new_database(url).await?;
    let client = postgres::connect(&url).await?;
    for migration in POSTGRES {
        client.batch_execute(migration).await?;
    }
    let begin = Instant::now();
    let insert = client
        .prepare(
            "INSERT INTO security_keys (tenant_id, id, revision, shelf, device_name, serial_number, serial_norm,
                 serial_short, version, search, imported_at, updated_at)
             SELECT $1::uuid, i, 1, 0, d, s, s, h, v, s, 0, 0
               FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) AS t (i, d, s, h, v)",
        )
        .await?;
    let numbers: Vec<u64> = (0..rows).collect();
    for chunk in numbers.chunks(CHUNK) {
        let ids: Vec<Uuid> = chunk.iter().map(|number| Uuid::from_u64_pair(*number, 0)).collect();
        let keys: Vec<dataset::Row> = chunk.iter().map(|number| dataset::row(*number)).collect();
        let names: Vec<&str> = keys.iter().map(|key| key.device_name).collect();
        let serials: Vec<&str> = keys.iter().map(|key| key.serial_number.as_str()).collect();
        let shorts: Vec<Option<&str>> = serials.iter().map(|serial| short(serial)).collect();
        let versions: Vec<&str> = keys.iter().map(|key| key.version).collect();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 6] =
            [&Uuid::nil(), &ids, &names, &serials, &shorts, &versions];
        client.execute(&insert, &values).await?;
    }
    Ok(begin.elapsed())
}

/// A serial number without its leading zeros, where it has any.
fn short(serial: &str) -> Option<&str> {
    Some(serial.trim_start_matches('0')).filter(|short| short.len() < serial.len())
}
