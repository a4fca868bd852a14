//! Many rows at once: `unnest` on PostgreSQL, one cached statement in a loop on SQLite.

use crate::dialect::Dialect;
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Value;

/// Type of a column, for the arrays that PostgreSQL unnests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `uuid`.
    Uuid,
    /// `bigint`.
    Int,
    /// `text`.
    Text,
    /// `bytea`.
    Bytes,
    /// `boolean`.
    Bool,
}

impl Kind {
    pub(crate) fn array(self) -> &'static str {
        match self {
            Self::Uuid => "uuid[]",
            Self::Int => "bigint[]",
            Self::Text => "text[]",
            Self::Bytes => "bytea[]",
            Self::Bool => "boolean[]",
        }
    }
}

/// An insert of many rows into one table.
#[derive(Clone, Copy, Debug)]
pub struct Bulk {
    /// The table.
    pub table: &'static str,
    /// Its columns, in the order of the values.
    pub columns: &'static [(&'static str, Kind)],
    /// Empty, or a whole clause: `ON CONFLICT (tenant_id, id) DO NOTHING`.
    pub on_conflict: &'static str,
}

/// More rows than this go in several statements, so that no one statement grows without bound.
const CHUNK: usize = 2_000;

impl Bulk {
    /// Inserts rows, each with a value per column; answers how many were inserted.
    ///
    /// # Errors
    /// As [`Tx::execute`]; a row of another width is [`Error::Inconsistent`].
    pub async fn insert(&self, tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<u64, Error> {
        if rows.iter().any(|row| row.len() != self.columns.len()) {
            return Err(Error::inconsistent(format!(
                "a row for {} has another width",
                self.table
            )));
        }
        match tx.dialect() {
            Dialect::Sqlite => tx.execute_rows(&self.single(), &rows),
            Dialect::Postgres => self.unnested(tx, rows).await,
        }
    }

    async fn unnested(&self, tx: &mut Tx, rows: Vec<Vec<Value>>) -> Result<u64, Error> {
        let sql = if rows.len() == 1 { self.single() } else { self.many() };
        let mut count = 0;
        let mut rest = rows.into_iter();
        loop {
            let chunk: Vec<Vec<Value>> = rest.by_ref().take(CHUNK).collect();
            match chunk.as_slice() {
                [] => return Ok(count),
                [row] if sql.contains("VALUES") => count += tx.execute_text(&sql, row).await?,
                _ => count += tx.execute_columns(&sql, transposed(chunk)).await?,
            }
        }
    }

    fn names(&self) -> String {
        self.columns
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn single(&self) -> String {
        let values: Vec<String> = (1..=self.columns.len()).map(|number| format!("${number}")).collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({}) {}",
            self.table,
            self.names(),
            values.join(", "),
            self.on_conflict
        )
    }

    fn many(&self) -> String {
        let arrays: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (_, kind))| format!("${}::{}", place + 1, kind.array()))
            .collect();
        let (names, arrays) = (self.names(), arrays.join(", "));
        format!(
            "INSERT INTO {} ({names}) SELECT * FROM unnest({arrays}) {}",
            self.table, self.on_conflict
        )
    }
}

/// Rows as columns.
pub(crate) fn transposed(rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let width = rows.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<Value>> = (0..width).map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    columns
}
