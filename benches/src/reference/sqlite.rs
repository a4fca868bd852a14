//! Bare SQLite: one table with its primary key and the unique serial number, durable like the product.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::dataset;

const CHUNK: usize = 2_000;

/// A filled table in a file of its own.
pub(crate) struct Bare {
    folder: tempfile::TempDir,
    connection: Connection,
}

impl Bare {
    pub(crate) fn filled(rows: u64) -> Result<(Self, Duration)> {
        let folder = tempfile::tempdir()?;
        let mut connection = Connection::open(folder.path().join("bare.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
             CREATE TABLE keys (tenant_id BLOB NOT NULL, id BLOB NOT NULL, device_name TEXT NOT NULL,
                 serial_number TEXT NOT NULL, version TEXT NOT NULL, imported_at INTEGER NOT NULL,
                 PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, serial_number)) STRICT",
        )?;
        let begin = Instant::now();
        let numbers: Vec<u64> = (0..rows).collect();
        for chunk in numbers.chunks(CHUNK) {
            let transaction = connection.transaction()?;
            {
                let mut insert = transaction.prepare_cached("INSERT INTO keys VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
                for number in chunk {
                    let row = dataset::row(*number);
                    let id = id(*number);
                    insert.execute(params![
                        [0_u8; 16],
                        id,
                        row.device_name,
                        row.serial_number,
                        row.version,
                        0
                    ])?;
                }
            }
            transaction.commit()?;
        }
        Ok((Self { folder, connection }, begin.elapsed()))
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("bare.db")
    }

    pub(crate) fn walk(&self) -> Result<Duration> {
        let begin = Instant::now();
        let mut rows = self.connection.prepare(
            "SELECT device_name, serial_number, version, imported_at FROM keys WHERE tenant_id = ?1 ORDER BY id",
        )?;
        let mut rows = rows.query([[0_u8; 16]])?;
        let mut sink = std::io::sink();
        while let Some(row) = rows.next()? {
            let texts = (
                row.get_ref(0)?.as_str()?,
                row.get_ref(1)?.as_str()?,
                row.get_ref(2)?.as_str()?,
            );
            writeln!(sink, "{},{},{},{}", texts.0, texts.1, texts.2, row.get::<_, i64>(3)?)?;
        }
        Ok(begin.elapsed())
    }

    pub(crate) fn scan(&self, text: &str) -> Result<Duration> {
        let begin = Instant::now();
        let mut hits = self.connection.prepare_cached(
            "SELECT id FROM keys WHERE tenant_id = ?1 AND serial_number LIKE ?2 ORDER BY serial_number LIMIT 50",
        )?;
        let mut hits = hits.query(params![[0_u8; 16], format!("%{text}%")])?;
        while hits.next()?.is_some() {}
        Ok(begin.elapsed())
    }

    pub(crate) fn count(&self) -> Result<Duration> {
        let begin = Instant::now();
        let mut counts = self
            .connection
            .prepare_cached("SELECT version, COUNT(*) FROM keys WHERE tenant_id = ?1 GROUP BY version")?;
        let mut counts = counts.query([[0_u8; 16]])?;
        while counts.next()?.is_some() {}
        Ok(begin.elapsed())
    }
}

/// Ids that ascend like UUIDv7.
pub(crate) fn id(number: u64) -> [u8; 16] {
    *Uuid::from_u64_pair(number, 0).as_bytes()
}
