//! Where the database is and how it is opened.

use std::fmt;
use std::path::PathBuf;

use crate::error::Error;

/// How to open a store.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// Which database.
    pub database: Database,
    /// Whether opening brings the schema up to date; otherwise an old schema is refused.
    pub migrate: bool,
    /// How many write jobs may wait before callers are held back.
    pub queue: usize,
}

/// One of the two engines.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// A file of the embedded engine.
    Sqlite(PathBuf),
    /// A connection URL, `postgres://user@host/name?sslmode=require`.
    Postgres(String),
}

impl StoreConfig {
    /// The embedded engine on this file, brought up to date.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::new(Database::Sqlite(path.into()))
    }

    /// A PostgreSQL database, brought up to date.
    #[must_use]
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::new(Database::Postgres(url.into()))
    }

    /// Reads `postgres://…`, `postgresql://…`, `sqlite:PATH` or a plain path.
    ///
    /// # Errors
    /// Another scheme is refused.
    pub fn parse(database: &str) -> Result<Self, Error> {
        if database.starts_with("postgres://") || database.starts_with("postgresql://") {
            return Ok(Self::postgres(database));
        }
        let path = database.strip_prefix("sqlite:").unwrap_or(database);
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.contains("://") {
            return Err(Error::inconsistent("a database is postgres://… or a path"));
        }
        Ok(Self::sqlite(path))
    }

    fn new(database: Database) -> Self {
        Self {
            database,
            migrate: true,
            queue: 8_192,
        }
    }
}

impl fmt::Debug for Database {
    /// Never the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(***)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StoreConfig;

    #[test]
    fn a_password_in_the_url_is_not_printed() {
        let shown = format!(
            "{:?}",
            StoreConfig::postgres("postgres://ada:not-to-be-told@db/claviger")
        );
        assert!(
            shown.contains("Postgres(***)") && !shown.contains("not-to-be-told"),
            "{shown}"
        );
    }
}
