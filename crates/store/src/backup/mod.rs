//! Backups: every row of one moment in one file, which restores on either engine.
//!
//! The file holds what the database holds: secrets stay sealed, and the key-encryption key, which is
//! never in the database, is not in it. Leases and the books of the schema are left out.

mod catalogue;
mod file;
mod restoring;

use std::path::{Path, PathBuf};

use claviger_domain::Timestamp;
use uuid::Uuid;

pub use restoring::restore;

use crate::error::Error;
use crate::guard;
use crate::migrations;
use crate::store::Store;
use crate::tx::Reader;
use crate::value::Value;
use catalogue::Table;
use file::{Source, Target};

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Header {
    /// Version of the file's format.
    pub format: u32,
    /// Version of the schema.
    pub schema: i64,
    /// When it was made, in microseconds.
    pub made_at: i64,
    /// The store's guard at that moment: an older one than was seen last is a roll-back.
    pub store_id: Option<Uuid>,
    /// See `store_id`.
    pub generation: i64,
}

/// What was written or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The file's header.
    pub header: Header,
    /// Tables.
    pub tables: u64,
    /// Rows.
    pub rows: u64,
}

const FORMAT: u32 = 1;
/// Rows that are read at once.
const PAGE: i64 = 2_000;

impl Store {
    /// Writes a backup of this moment to a file that must not exist yet; writing goes on meanwhile.
    ///
    /// # Errors
    /// What the database or the file system meets; an unfinished file is removed.
    pub async fn backup(&self, path: &Path, at: Timestamp) -> Result<Summary, Error> {
        let target: PathBuf = path.to_owned();
        self.scan(async move |reader: &mut Reader| {
            let mut file = Target::create(&target)?;
            let summary = write(reader, &mut file, at)
                .await
                .and_then(|summary| file.finish().map(|()| summary));
            if summary.is_err() {
                Target::remove(&target);
            }
            summary
        })
        .await
    }
}

async fn write(reader: &mut Reader, file: &mut Target, at: Timestamp) -> Result<Summary, Error> {
    let guard = guard::get(reader).await?;
    let header = Header {
        format: FORMAT,
        schema: migrations::version(),
        made_at: at.as_micros(),
        store_id: guard.map(|guard| guard.store_id),
        generation: guard.map_or(0, |guard| guard.generation),
    };
    file.header(&header)?;
    let mut summary = Summary {
        header,
        tables: 0,
        rows: 0,
    };
    for table in catalogue::tables(reader).await? {
        file.table(&table.name, &table.names())?;
        summary.tables += 1;
        summary.rows += rows(reader, file, &table).await?;
    }
    Ok(summary)
}

/// All rows by primary key, a page at a time.
async fn rows(reader: &mut Reader, file: &mut Target, table: &Table) -> Result<u64, Error> {
    let mut count = 0;
    let mut reached: Vec<Value> = Vec::new();
    loop {
        let page = reader.rows(&table.page(reached.len(), PAGE), &reached).await?;
        let Some(last) = page.last() else { return Ok(count) };
        reached = table
            .key
            .iter()
            .map(|column| last.get::<Value>(column.as_str()))
            .collect::<Result<_, _>>()?;
        for row in page {
            count += 1;
            file.row(row.values().get(..table.columns.len()).unwrap_or_default())?;
        }
    }
}

/// Reads a whole backup and checks it: format, every record, the checksum over all.
///
/// # Errors
/// [`Error::Inconsistent`] names what is wrong with the file.
pub fn inspect(path: &Path) -> Result<Summary, Error> {
    let mut source = Source::open(path)?;
    let header = source.header()?;
    if header.format != FORMAT {
        return Err(Error::inconsistent(format!(
            "a backup of format {}, this build reads {FORMAT}",
            header.format
        )));
    }
    let mut summary = Summary {
        header,
        tables: 0,
        rows: 0,
    };
    while let Some(record) = source.next()? {
        match record {
            file::Record::Table(..) => summary.tables += 1,
            file::Record::Row(_) => summary.rows += 1,
        }
    }
    Ok(summary)
}
