//! One connection: statements rewritten once, prepared once, values bound by number.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::types::{ToSqlOutput, Value as Cell, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use crate::dialect::for_sqlite;
use crate::error::Error;
use crate::row::{Columns, Row};
use crate::value::Value;

/// A connection and what it knows of the statements it has seen.
#[derive(Debug)]
pub(crate) struct Session {
    connection: Connection,
    known: HashMap<Box<str>, Known>,
}

#[derive(Clone, Debug)]
struct Known {
    sql: Arc<str>,
    columns: Columns,
}

impl Session {
    pub(crate) fn new(connection: Connection) -> Self {
        Self {
            connection,
            known: HashMap::new(),
        }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let known = self.known(sql)?;
        let mut statement = self.connection.prepare_cached(&known.sql)?;
        bind(&mut statement, values)?;
        let width = known.columns.len();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let mut cells = Vec::with_capacity(width);
            for place in 0..width {
                cells.push(cell(row.get_ref(place)?)?);
            }
            found.push(Row::new(Arc::clone(&known.columns), cells));
        }
        Ok(found)
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let known = self.known(sql)?;
        let mut statement = self.connection.prepare_cached(&known.sql)?;
        bind(&mut statement, values)?;
        let changed = if known.columns.is_empty() {
            statement.raw_execute()?
        } else {
            // `… RETURNING`: the rows are counted.
            let (mut rows, mut count) = (statement.raw_query(), 0);
            while rows.next()?.is_some() {
                count += 1;
            }
            count
        };
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// One statement for each row of values; answers how many rows were changed in all.
    pub(crate) fn execute_rows(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<u64, Error> {
        let known = self.known(sql)?;
        let mut statement = self.connection.prepare_cached(&known.sql)?;
        let mut changed = 0;
        for values in rows {
            bind(&mut statement, values)?;
            changed += u64::try_from(statement.raw_execute()?).unwrap_or(u64::MAX);
        }
        Ok(changed)
    }

    /// A statement of the writer's own, prepared once: `SAVEPOINT`, `RELEASE`.
    pub(crate) fn plain(&self, sql: &str) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.raw_execute()?;
        Ok(())
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), Error> {
        Ok(self.connection.execute_batch(sql)?)
    }

    fn known(&mut self, sql: &str) -> Result<Known, Error> {
        if let Some(known) = self.known.get(sql) {
            return Ok(known.clone());
        }
        let text = for_sqlite(sql);
        let statement = self.connection.prepare_cached(&text)?;
        let columns = statement.column_names().map(Box::from).collect();
        let known = Known {
            sql: text.into(),
            columns,
        };
        self.known.insert(sql.into(), known.clone());
        Ok(known)
    }
}

fn bind(statement: &mut CachedStatement<'_>, values: &[Value]) -> Result<(), Error> {
    if statement.parameter_count() != values.len() {
        let (wants, has) = (statement.parameter_count(), values.len());
        return Err(Error::inconsistent(format!(
            "a statement wants {wants} values and got {has}"
        )));
    }
    for (place, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(place + 1, value)?;
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> Result<Value, Error> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(Error::inconsistent("text that is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(Error::inconsistent("a floating-point column")),
    }
}

fn array(cells: impl Iterator<Item = Cell>) -> ToSqlOutput<'static> {
    ToSqlOutput::from_rc(Rc::new(cells.collect::<Vec<_>>()), c"rarray")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Uuid(id) => ToSqlOutput::Borrowed(ValueRef::Blob(id.as_bytes())),
            Self::Bool(truth) => ToSqlOutput::Borrowed(ValueRef::Integer((*truth).into())),
            Self::UuidArray(ids) => array(ids.iter().map(|id| Cell::Blob(id.as_bytes().to_vec()))),
            Self::TextArray(texts) => array(texts.iter().cloned().map(Cell::Text)),
            Self::IntArray(numbers) => array(numbers.iter().copied().map(Cell::Integer)),
        })
    }
}
