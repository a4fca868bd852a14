//! What can go wrong in the store. Errors are cheap to clone, since a failed commit answers many jobs.

use std::path::Path;
use std::sync::Arc;

/// Why the store did not do what it was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or failed; nothing was kept.
    #[error("the database failed ({kind:?}): {}", chain(&**cause))]
    Driver {
        /// What sort of fault it was, as far as callers may act on it.
        kind: Fault,
        /// The engine's own words, for the log.
        cause: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// A file that a backup is written to, or read from, cannot be used.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file.
        path: Arc<Path>,
        /// Why not.
        cause: Arc<std::io::Error>,
    },
    /// A row, a statement or a job contradicts what the store relies on.
    #[error("inconsistent: {0}")]
    Inconsistent(Arc<str>),
    /// A unique key exists already.
    #[error("duplicate in {table} ({columns})")]
    Duplicate {
        /// Table of the unique key.
        table: Arc<str>,
        /// Its columns, `a, b`, as far as the engine names them.
        columns: Arc<str>,
    },
    /// The row was changed by someone else since it was read, or is gone.
    #[error("the row has changed since it was read")]
    Stale,
    /// The connection was lost after COMMIT was sent: the change may or may not be kept.
    #[error("the connection was lost while committing; the outcome is unknown")]
    OutcomeUnknown,
    /// The job panicked; nothing of it was kept.
    #[error("the job panicked")]
    Panicked,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
}

/// Sort of a driver fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Reading or writing the medium failed.
    Io,
    /// The medium is full.
    Full,
    /// The connection is lost or cannot be made.
    Connection,
    /// Another transaction was in the way (SQLSTATE 40001, 40P01; SQLite busy).
    Conflict,
    /// A constraint other than a unique key was violated.
    Constraint,
    /// The database's role lacks a privilege (SQLSTATE 42501).
    Denied,
    /// Anything else.
    Other,
}

impl Error {
    pub(crate) fn driver(kind: Fault, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Driver {
            kind,
            cause: Arc::from(cause.into()),
        }
    }

    pub(crate) fn file(path: &Path, cause: std::io::Error) -> Self {
        Self::File {
            path: Arc::from(path),
            cause: Arc::new(cause),
        }
    }

    /// Names a contradiction: table, column and row where they are known.
    pub fn inconsistent(what: impl Into<Arc<str>>) -> Self {
        Self::Inconsistent(what.into())
    }

    /// The sort of driver fault, when it is one.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Driver { kind, .. } => Some(*kind),
            Self::File { .. }
            | Self::Inconsistent(_)
            | Self::Duplicate { .. }
            | Self::Stale
            | Self::OutcomeUnknown
            | Self::Panicked
            | Self::Closed => None,
        }
    }

    /// Whether the unique key that exists already belongs to this table.
    #[must_use]
    pub fn is_duplicate_in(&self, name: &str) -> bool {
        matches!(self, Self::Duplicate { table, .. } if &**table == name)
    }
}

/// An error and its causes in one line; a cause that the error quotes already is not said twice.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot connect")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("the socket failed: {0}")]
    struct Middle(#[source] std::io::Error);

    #[test]
    fn an_error_names_its_causes_each_once() {
        let error = Error::driver(Fault::Connection, Outer(Middle(std::io::Error::other("refused"))));
        assert_eq!(
            error.to_string(),
            "the database failed (Connection): cannot connect: the socket failed: refused"
        );
    }
}
