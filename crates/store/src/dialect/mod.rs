//! All that differs between the two engines.

mod bulk;
mod rewrite;

pub use bulk::{Bulk, Kind};
pub use rewrite::for_sqlite;

pub(crate) use bulk::transposed;

/// Which engine is below. Statements that cannot be shared are chosen by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded engine.
    Sqlite,
    /// PostgreSQL and what speaks its protocol.
    Postgres,
}

impl Dialect {
    /// The text for this engine.
    #[must_use]
    pub fn choose<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// Escapes `%`, `_` and `\` for `LIKE … ESCAPE '\'`.
#[must_use]
pub fn like_literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
