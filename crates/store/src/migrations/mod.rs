//! The schema's steps, in pairs for the two engines: appended to, never changed, recorded with a checksum.

mod pending;
pub(crate) mod postgres;
pub(crate) mod sqlite;

pub use pending::pending;

use sha2::{Digest, Sha256};

use crate::dialect::Dialect;
use crate::error::Error;
use crate::row::Row;

/// One step of the schema.
struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal;)*) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        },)*]
    };
}

/// All steps in their order.
const ALL: &[Migration] = migrations! {
    1 "0001_foundation";
    2 "0002_inventory";
    3 "0003_users";
    4 "0004_approvals";
    5 "0005_outbox";
    6 "0006_access";
    7 "0007_overview";
    8 "0008_attention";
    9 "0009_otp";
    10 "0010_users_search";
};

const LIST: &str = "SELECT version, name, checksum FROM schema_migrations ORDER BY version";
const RECORD: &str = "INSERT INTO schema_migrations (tenant_id, version, name, checksum, applied_at)
    VALUES ($1, $2, $3, $4, $5)";

impl Migration {
    fn text(&self, dialect: Dialect) -> &'static str {
        dialect.choose(self.sqlite, self.postgres)
    }

    fn checksum(&self, dialect: Dialect) -> Vec<u8> {
        Sha256::digest(self.text(dialect)).to_vec()
    }
}

/// The version of the schema that this build expects.
#[must_use]
pub fn version() -> i64 {
    ALL.last().map_or(0, |last| last.version)
}

/// The steps that a database lacks, given those it has.
///
/// # Errors
/// A step that was changed since it was applied, or one that this build does not know.
fn missing(applied: &[Row], dialect: Dialect) -> Result<&'static [Migration], Error> {
    for (place, row) in applied.iter().enumerate() {
        let version: i64 = row.get("version")?;
        let Some(known) = ALL.get(place).filter(|known| known.version == version) else {
            return Err(Error::inconsistent(format!(
                "the database has schema version {version}, this build knows up to {}; use the newer build",
                self::version()
            )));
        };
        if row.get::<Vec<u8>>("checksum")? != known.checksum(dialect) {
            return Err(Error::inconsistent(format!(
                "schema step {} is not the one that was applied to this database",
                known.name
            )));
        }
    }
    Ok(ALL.get(applied.len()..).unwrap_or_default())
}

fn outdated(missing: &[Migration]) -> Result<(), Error> {
    match missing.first() {
        None => Ok(()),
        Some(first) => Err(Error::inconsistent(format!(
            "the database lacks schema step {}; run `claviger migrate`",
            first.name
        ))),
    }
}
