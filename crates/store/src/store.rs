//! The store: one write path, readers apart, the same on both engines.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use tokio::sync::{broadcast, oneshot};

use crate::changes::Changes;
use crate::config::{Database, StoreConfig};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::job::{Attempt, Read, Write};
use crate::otp_tokens::{Decided, Found, Sought};
use crate::postgres::Postgres;
use crate::scope::{Change, Scope};
use crate::sqlite::Sqlite;
use crate::tx::{Reader, Tx};

/// How many commits a slow follower of changes may lag behind before it is told so.
const CHANGES: usize = 4_096;

/// A database, open. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    submitted: AtomicU64,
    changes: Changes,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Store {
    /// Opens the database, brings its schema up to date unless told not to, and starts the writers.
    ///
    /// # Errors
    /// A database that cannot be reached, or a schema that is newer, older or not ours.
    pub async fn open(config: &StoreConfig) -> Result<Self, Error> {
        let (changes, _) = broadcast::channel(CHANGES);
        let engine = match &config.database {
            Database::Sqlite(path) => Engine::Sqlite(Sqlite::open(path, config, changes.clone()).await?),
            Database::Postgres(url) => Engine::Postgres(Postgres::open(url, config, changes.clone()).await?),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                engine,
                submitted: AtomicU64::new(0),
                changes,
            }),
        })
    }

    /// Which engine is below.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.inner.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a job in a transaction and answers once it is durable: its rows, its audit events and its
    /// outcome are one commit, or nothing is kept.
    ///
    /// The job may run more than once (a conflict, a failed batch), so it keeps its effects to `tx`;
    /// it awaits nothing but `tx`. Jobs with the same `lane_key` are decided in the order they came.
    /// A job that was accepted runs even when its caller goes away.
    ///
    /// # Errors
    /// What the job refuses, or what befell the commit.
    pub async fn write<T, E, F>(&self, scope: Scope, job: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.inner.submitted.fetch_add(1, Ordering::Relaxed);
        let (job, answer) = Write::new(scope, job);
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.submit(Box::new(job)).await?,
            Engine::Postgres(postgres) => postgres.submit(Box::new(job)).await?,
        }
        Self::answered(answer).await
    }

    /// Tries a code: loads what is sought and locks it, lets `decide` decide, keeps what it decided with its audit
    /// event, and answers once that is durable. On PostgreSQL attempts that wait together are one transaction, decided
    /// in the order in which they came.
    ///
    /// `decide` may run more than once, each time on what stands then; only the last run counts.
    ///
    /// # Errors
    /// What `decide` refuses, or what befell the commit.
    pub async fn attempt<T, E, F>(&self, scope: Scope, sought: Sought, decide: F) -> Result<T, E>
    where
        F: Fn(&Found, Timestamp) -> Result<(Decided, T), E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.inner.submitted.fetch_add(1, Ordering::Relaxed);
        let (job, answer) = Attempt::new(scope, sought, decide);
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.submit(Box::new(job)).await?,
            Engine::Postgres(postgres) => postgres.submit(Box::new(job)).await?,
        }
        Self::answered(answer).await
    }

    /// How many write jobs there have been: who writes much sees by it whether others want to write as well.
    #[must_use]
    pub fn submitted(&self) -> u64 {
        self.inner.submitted.load(Ordering::Relaxed)
    }

    /// Runs a short read: point reads and pages.
    ///
    /// On SQLite it runs in place and must not wait for anything but the reader.
    ///
    /// # Errors
    /// What the job refuses or the engine meets.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let postgres = match &self.inner.engine {
            Engine::Sqlite(sqlite) => return sqlite.read(&job),
            Engine::Postgres(postgres) => postgres,
        };
        let (job, answer) = Read::new(job);
        postgres.read(Box::new(job)).await?;
        Self::answered(answer).await
    }

    /// Runs a long read that sees one moment: exports, backups, verification.
    ///
    /// The job may wait for others, a channel with a slow receiver for example.
    ///
    /// # Errors
    /// What the job refuses or the engine meets.
    pub async fn scan<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Reader) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = Read::new(job);
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.scan(Box::new(job)).await?,
            Engine::Postgres(postgres) => postgres.scan(Box::new(job)).await?,
        }
        Self::answered(answer).await
    }

    /// Follows committed changes, tenant by tenant. A follower that lags is told how many it missed.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<(TenantId, Vec<Change>)> {
        self.inner.changes.subscribe()
    }

    /// The lanes of the audit log that this process writes, where other servers may write others: on PostgreSQL.
    /// [`Store::changes`] tells of these lanes alone.
    #[must_use]
    pub fn own_lanes(&self) -> Option<std::ops::Range<i64>> {
        match &self.inner.engine {
            Engine::Sqlite(_) => None,
            Engine::Postgres(postgres) => Some(postgres.lanes()),
        }
    }

    /// Takes no more jobs, carries out those that wait, and closes the database.
    pub async fn close(&self) {
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres) => postgres.close().await,
        }
    }

    async fn answered<T, E: From<Error>>(answer: oneshot::Receiver<Result<T, E>>) -> Result<T, E> {
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("dialect", &self.dialect())
            .finish_non_exhaustive()
    }
}
