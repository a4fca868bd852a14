//! What the figures are set beside: the bare engines and a bare handler, doing the same work without rules.

pub(crate) mod handler;
pub(crate) mod indexed;
pub(crate) mod otp;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::time::Duration;

use anyhow::Result;

/// A bare engine, filled with the same keys.
pub(crate) enum Bare {
    Sqlite(sqlite::Bare),
    Postgres(postgres::Bare),
}

impl Bare {
    /// Fills a new table, 2,000 rows a commit; answers it and the time that it took.
    pub(crate) async fn filled(url: Option<&str>, rows: u64) -> Result<(Self, Duration)> {
        Ok(if let Some(url) = url {
            let (bare, time) = postgres::Bare::filled(url, rows).await?;
            (Self::Postgres(bare), time)
        } else {
            let (bare, time) = sqlite::Bare::filled(rows)?;
            (Self::Sqlite(bare), time)
        })
    }

    /// Walks all rows in the order of their ids, writing a line each to nowhere.
    pub(crate) async fn walk(&self) -> Result<Duration> {
        match self {
            Self::Sqlite(bare) => bare.walk(),
            Self::Postgres(bare) => bare.walk().await,
        }
    }

    /// `LIKE '%…%'` without an index, first 50 hits in order.
    pub(crate) async fn scan(&self, text: &str) -> Result<Duration> {
        match self {
            Self::Sqlite(bare) => bare.scan(text),
            Self::Postgres(bare) => bare.scan(text).await,
        }
    }

    /// `COUNT(*)` by version.
    pub(crate) async fn count(&self) -> Result<Duration> {
        match self {
            Self::Sqlite(bare) => bare.count(),
            Self::Postgres(bare) => bare.count().await,
        }
    }
}
