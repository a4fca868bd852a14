//! Puts a backup into an empty store: all of it in one commit, or nothing.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::catalogue::{Table, tables};
use super::file::{Record, Source};
use super::{Summary, inspect};
use crate::dialect::{Dialect, Kind};
use crate::error::Error;
use crate::migrations;
use crate::scope::Scope;
use crate::store::Store;
use crate::tx::Tx;
use crate::value::Value;

/// Rows that are written at once.
const CHUNK: usize = 2_000;
const USED: &str = "SELECT 1::bigint FROM audit_heads UNION ALL SELECT 1::bigint FROM administrators
    UNION ALL SELECT 1::bigint FROM tenants LIMIT 1";

/// The search indexes of SQLite are not in a backup: they are made anew, in bulk.
const INDEX: &str = "INSERT INTO security_keys_search (rowid, search) SELECT row_id, search FROM security_keys";
const INDEX_OF_TOKENS: &str = "INSERT INTO otp_tokens_search (rowid, search) SELECT row_id, search FROM otp_tokens";
const SQLITE_NUMBER_USERS: &str = "UPDATE users SET row_id = rowid";
const INDEX_OF_USERS: &str = "INSERT INTO users_search (rowid, search) SELECT row_id, search FROM users";

/// Restores a backup, checked as a whole before a row is written.
///
/// # Errors
/// [`Error::Inconsistent`] when the store is in use already, the backup is damaged, or it is of another
/// schema than this build's.
pub async fn restore(store: &Store, scope: Scope, path: &Path) -> Result<Summary, Error> {
    let summary = inspect(path)?;
    if summary.header.schema != migrations::version() {
        return Err(Error::inconsistent(format!(
            "the backup is of schema {}, this build is of {}; restore it with the build that made it, then upgrade",
            summary.header.schema,
            migrations::version()
        )));
    }
    let path: PathBuf = path.to_owned();
    store
        .write(scope, async move |tx: &mut Tx| fill(tx, &path).await)
        .await?;
    Ok(summary)
}

async fn fill(tx: &mut Tx, path: &Path) -> Result<(), Error> {
    if !tx.query(USED, &[]).await?.is_empty() {
        return Err(Error::inconsistent(
            "the store is in use; a backup is restored into an empty one",
        ));
    }
    let tables = tables(tx).await?;
    let mut source = Source::open(path)?;
    source.header()?;
    let mut filling: Option<Filling<'_>> = None;
    while let Some(record) = source.next()? {
        match record {
            Record::Table(name, columns) => {
                if let Some(done) = filling.take() {
                    done.finish(tx).await?;
                }
                filling = Some(Filling::new(&tables, &name, &columns)?);
            }
            Record::Row(values) => {
                let filling = filling
                    .as_mut()
                    .ok_or_else(|| Error::inconsistent("a row without its table"))?;
                filling.push(tx, values).await?;
            }
        }
    }
    if let Some(done) = filling {
        done.finish(tx).await?;
    }
    if tx.dialect() == Dialect::Sqlite {
        for statement in [INDEX, INDEX_OF_TOKENS, SQLITE_NUMBER_USERS, INDEX_OF_USERS] {
            tx.execute(statement, &[]).await?;
        }
    }
    Ok(())
}

/// One table being filled.
struct Filling<'a> {
    name: &'a str,
    columns: Vec<(&'a str, Kind)>,
    waiting: Vec<Vec<Value>>,
}

impl<'a> Filling<'a> {
    fn new(tables: &'a [Table], name: &str, columns: &[String]) -> Result<Self, Error> {
        let unknown = || {
            Error::inconsistent(format!(
                "the backup has a table or column of {name} that is unknown here"
            ))
        };
        let table = tables.iter().find(|table| table.name == name).ok_or_else(unknown)?;
        let known = columns.iter().map(|column| {
            table
                .columns
                .iter()
                .find(|(name, _)| name == column)
                .map(|(name, kind)| (name.as_str(), *kind))
        });
        let columns = known.collect::<Option<Vec<_>>>().ok_or_else(unknown)?;
        Ok(Self {
            name: &table.name,
            columns,
            waiting: Vec::new(),
        })
    }

    async fn push(&mut self, tx: &mut Tx, values: Vec<Value>) -> Result<(), Error> {
        if values.len() != self.columns.len() {
            return Err(Error::inconsistent("a row of another width"));
        }
        self.waiting.push(values);
        if self.waiting.len() < CHUNK {
            Ok(())
        } else {
            self.flush(tx).await
        }
    }

    async fn finish(mut self, tx: &mut Tx) -> Result<(), Error> {
        self.flush(tx).await
    }

    async fn flush(&mut self, tx: &mut Tx) -> Result<(), Error> {
        let rows = std::mem::take(&mut self.waiting);
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        if tx.dialect() == Dialect::Sqlite {
            let marks: Vec<String> = (1..=self.columns.len()).map(|number| format!("${number}")).collect();
            let sql = format!("INSERT INTO {} ({names}) VALUES ({})", self.name, marks.join(", "));
            for row in rows {
                tx.execute_text(&sql, &row).await?;
            }
            return Ok(());
        }
        if rows.is_empty() {
            return Ok(());
        }
        let arrays = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (_, kind))| format!("${}::{}", place + 1, kind.array()));
        let arrays = arrays.collect::<Vec<_>>().join(", ");
        let sql = format!("INSERT INTO {} ({names}) SELECT * FROM unnest({arrays})", self.name);
        tx.execute_columns(&sql, self.columns_of(rows)?).await.map(drop)
    }

    fn columns_of(&self, rows: Vec<Vec<Value>>) -> Result<Vec<Vec<Value>>, Error> {
        let mut columns: Vec<Vec<Value>> = self.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            for ((column, value), (_, kind)) in columns.iter_mut().zip(row).zip(&self.columns) {
                column.push(typed(value, *kind)?);
            }
        }
        Ok(columns)
    }
}

/// What both engines write alike, as PostgreSQL's column wants it.
fn typed(value: Value, kind: Kind) -> Result<Value, Error> {
    match (value, kind) {
        (Value::Bytes(bytes), Kind::Uuid) => match Uuid::from_slice(&bytes) {
            Ok(id) => Ok(Value::Uuid(id)),
            Err(_) => Err(Error::inconsistent("a UUID of another length")),
        },
        (Value::Int(truth), Kind::Bool) => Ok(Value::Bool(truth != 0)),
        (value, _) => Ok(value),
    }
}
