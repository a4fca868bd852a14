//! Rows as both engines answer them: columns by name or by place, checked when read.

use std::sync::Arc;

use crate::error::Error;
use crate::value::{FromValue, Value};

/// Names of a statement's columns, shared by its rows.
pub(crate) type Columns = Arc<[Box<str>]>;

/// One row of an answer.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Columns,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Columns, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// Reads a column by name (`"id"`) or by place (`0`).
    ///
    /// # Errors
    /// [`Error::Inconsistent`] names the column when there is none such or it holds another type.
    pub fn get<T: FromValue>(&self, column: impl Place + Copy) -> Result<T, Error> {
        column
            .value(self)
            .and_then(T::from_value)
            .ok_or_else(|| self.contradiction(column))
    }

    /// Borrows a text column.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn text(&self, column: impl Place + Copy) -> Result<&str, Error> {
        if let Some(Value::Text(text)) = column.value(self) {
            Ok(text)
        } else {
            Err(self.contradiction(column))
        }
    }

    /// All values in the order of the columns.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Gives up the values in the order of the columns.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// Names of the columns.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(AsRef::as_ref)
    }

    fn contradiction(&self, column: impl Place + Copy) -> Error {
        let names = self.columns.join(", ");
        Error::inconsistent(format!("column {} of a row ({names})", column.describe()))
    }
}

/// A column's name or place.
pub trait Place {
    /// The value there.
    fn value<'a>(&self, row: &'a Row) -> Option<&'a Value>;
    /// For messages.
    fn describe(&self) -> String;
}

impl Place for usize {
    fn value<'a>(&self, row: &'a Row) -> Option<&'a Value> {
        row.values.get(*self)
    }

    fn describe(&self) -> String {
        self.to_string()
    }
}

impl Place for &str {
    fn value<'a>(&self, row: &'a Row) -> Option<&'a Value> {
        let place = row.columns.iter().position(|name| &**name == *self)?;
        row.values.get(place)
    }

    fn describe(&self) -> String {
        (*self).to_owned()
    }
}
