//! Statements put together from fixed pieces, for lists whose filters and order are chosen by the caller.

use std::fmt::Write;

use crate::value::Value;

/// SQL made of pieces that stand in the source, and the values bound to it.
///
/// Only `&'static str` can be pushed, so no text from outside becomes SQL.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    text: String,
    values: Vec<Value>,
}

impl Composed {
    /// Starts with this piece.
    #[must_use]
    pub fn new(piece: &'static str) -> Self {
        Self {
            text: piece.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds a piece; a space is put before it.
    pub fn push(&mut self, piece: &'static str) -> &mut Self {
        self.text.push(' ');
        self.text.push_str(piece);
        self
    }

    /// Binds a value and adds its `$n`; a space is put before it, but not after a bracket.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        if !self.text.ends_with(['(', ' ']) {
            self.text.push(' ');
        }
        // Writing to a String does not fail.
        let _ = write!(self.text, "${}", self.values.len());
        self
    }

    /// Asks SQLite how it would go about the statement.
    #[cfg(test)]
    pub(crate) fn explained(&self) -> Self {
        Self {
            text: format!("EXPLAIN QUERY PLAN {}", self.text),
            values: self.values.clone(),
        }
    }

    /// The statement, with `$n`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values in the order of their numbers.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::Composed;

    #[test]
    fn values_are_numbered_as_they_are_bound() {
        let mut sql = Composed::new("SELECT a FROM t WHERE b >");
        sql.bind(7_i64)
            .push("AND c = ANY(")
            .bind(vec!["x".to_owned()])
            .push(") LIMIT")
            .bind(1_i64);
        assert_eq!(sql.text(), "SELECT a FROM t WHERE b > $1 AND c = ANY($2 ) LIMIT $3");
        assert_eq!(sql.values().len(), 3);
    }
}
