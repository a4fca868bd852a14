//! The two handles that jobs get: a [`Reader`] cannot name a write, a [`Tx`] can.

use std::ops::{Deref, DerefMut};

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use crate::audit::{AuditEntry, Pending};
use crate::composed::Composed;
use crate::dialect::Dialect;
use crate::error::{Error, Fault};
use crate::row::Row;
use crate::scope::{Change, Scope};
use crate::value::Value;
use crate::{postgres, sqlite};

/// Reads rows. Statements are written once, with `$n`, for both engines.
///
/// Each statement sees what was committed before it; statements of one `read` job may see different
/// commits. [`crate::Store::scan`] sees one moment.
#[derive(Debug)]
pub struct Reader {
    engine: Engine,
    fault: Option<Fault>,
    failed: bool,
}

#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

impl Reader {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            engine,
            fault: None,
            failed: false,
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Which engine is below.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    /// All rows of an answer.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.rows(sql, values).await
    }

    /// The row of an answer that has one at most.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] when there are more.
    pub async fn query_opt(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, Error> {
        let mut rows = self.rows(sql, values).await?;
        let row = rows.pop();
        if rows.is_empty() {
            Ok(row)
        } else {
            Err(Error::inconsistent(format!("more than one row: {sql}")))
        }
    }

    /// The row of an answer that has exactly one.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] when there is none or more.
    pub async fn query_one(&mut self, sql: &'static str, values: &[Value]) -> Result<Row, Error> {
        self.query_opt(sql, values)
            .await?
            .ok_or_else(|| Error::inconsistent(format!("no row: {sql}")))
    }

    /// All rows of a statement put together from fixed pieces.
    ///
    /// # Errors
    /// What the engine refuses.
    pub async fn select(&mut self, sql: &Composed) -> Result<Vec<Row>, Error> {
        self.rows(sql.text(), sql.values()).await
    }

    /// The answers of several statements that do not depend on one another. PostgreSQL is sent all at once.
    pub(crate) async fn select_each(&mut self, statements: &[Composed]) -> Result<Vec<Vec<Row>>, Error> {
        let result = match &mut self.engine {
            Engine::Sqlite(session) => statements
                .iter()
                .map(|sql| session.query(sql.text(), sql.values()))
                .collect(),
            Engine::Postgres(session) => session.query_each(statements).await,
        };
        self.noted(result)
    }

    pub(crate) async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let result = match &mut self.engine {
            Engine::Sqlite(session) => session.query(sql, values),
            Engine::Postgres(session) => session.query(sql, values).await,
        };
        self.noted(result)
    }

    pub(crate) async fn change(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let result = match &mut self.engine {
            Engine::Sqlite(session) => session.execute(sql, values),
            Engine::Postgres(session) => session.execute(sql, values).await,
        };
        self.noted(result)
    }

    /// Statements without parameters, several at once: begin, commit, migrations.
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match &mut self.engine {
            Engine::Sqlite(session) => session.batch(sql),
            Engine::Postgres(session) => session.batch(sql).await,
        }
    }

    /// Remembers that a statement failed: the job cannot be kept, whatever it makes of the error.
    fn noted<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &result {
            self.failed = true;
            self.fault = self.fault.or(error.fault());
        }
        result
    }

    /// Whether a statement failed since the last call, and how as far as the driver knows.
    pub(crate) fn take_failure(&mut self) -> (bool, Option<Fault>) {
        (std::mem::take(&mut self.failed), self.fault.take())
    }
}

/// Reads and writes rows of one transaction.
#[derive(Debug)]
pub struct Tx {
    reader: Reader,
    scope: Scope,
    pub(crate) pending: Vec<Pending>,
    pub(crate) changes: Vec<(TenantId, Change)>,
}

impl Tx {
    pub(crate) fn new(reader: Reader, scope: Scope) -> Self {
        Self {
            reader,
            scope,
            pending: Vec::new(),
            changes: Vec::new(),
        }
    }

    pub(crate) fn begin(&mut self, scope: Scope) {
        self.scope = scope;
    }

    /// The time of the job: the same in all its rows.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.scope.now
    }

    /// The tenant that the job writes for.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.scope.tenant
    }

    /// On whose behalf the job writes.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Carries out a statement; answers how many rows it changed.
    ///
    /// # Errors
    /// A unique key that exists already is [`Error::Duplicate`]. After any error the job cannot be
    /// kept: a statement that may meet an existing row says `ON CONFLICT`.
    pub async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Error> {
        self.reader.change(sql, values).await
    }

    /// A compare-and-set: carries out a statement that must change one row.
    ///
    /// # Errors
    /// [`Error::Stale`] when no row was changed.
    pub async fn guarded(&mut self, sql: &'static str, values: &[Value]) -> Result<(), Error> {
        match self.execute(sql, values).await? {
            0 => Err(Error::Stale),
            1 => Ok(()),
            more => Err(Error::inconsistent(format!("{more} rows changed: {sql}"))),
        }
    }

    pub(crate) async fn execute_text(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.reader.change(sql, values).await
    }

    /// On SQLite: one statement for each row of values. The text is looked up and prepared once.
    pub(crate) fn execute_rows(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        let Engine::Sqlite(session) = &mut self.reader.engine else {
            return Err(Error::inconsistent("rows are bound one by one on SQLite only"));
        };
        let result = session.execute_rows(sql, rows);
        self.reader.noted(result)
    }

    /// On PostgreSQL: a statement whose parameters are whole columns.
    pub(crate) async fn execute_columns(&mut self, sql: &str, columns: Vec<Vec<Value>>) -> Result<u64, Error> {
        let Engine::Postgres(session) = &mut self.reader.engine else {
            return Err(Error::inconsistent("columns are bound on PostgreSQL only"));
        };
        let result = session.execute_columns(sql, columns).await;
        self.reader.noted(result)
    }

    /// Adds an event to the audit log, committed with the job or not at all.
    pub fn record(&mut self, entry: AuditEntry) {
        let scope = self.scope.clone();
        self.pending.push(Pending { scope, entry });
    }

    /// Tells followers of the stream of events, once the job is committed.
    pub fn notify(&mut self, change: Change) {
        self.changes.push((self.scope.tenant, change));
    }
}

impl Deref for Tx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}
