//! PostgreSQL's errors in the store's words.

use deadpool_postgres::PoolError;
use tokio_postgres::error::{DbError, SqlState};

use crate::error::{Error, Fault};

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refusal) = error.as_db_error() else {
            // Encoding a parameter is our mistake; all else without an answer is the connection's.
            let ours = std::error::Error::source(&error).is_some_and(|cause| !cause.is::<std::io::Error>());
            let kind = if ours && !error.is_closed() {
                Fault::Other
            } else {
                Fault::Connection
            };
            return Self::driver(kind, error);
        };
        if *refusal.code() == SqlState::UNIQUE_VIOLATION {
            return duplicate(refusal);
        }
        Self::driver(fault(refusal.code()), said(refusal))
    }
}

impl From<PoolError> for Error {
    fn from(error: PoolError) -> Self {
        let PoolError::Backend(refusal) = error else {
            return Self::driver(Fault::Connection, error);
        };
        let mut error = Self::from(refusal);
        if let Self::Driver { kind, .. } = &mut error {
            // Whatever the reason, there is no connection.
            *kind = Fault::Connection;
        }
        error
    }
}

/// What is to be done about a missing privilege.
const REMEDY: &str = "make the role of the database's URL the owner of the database and its tables, or grant it \
    USAGE on the schema and SELECT, INSERT, UPDATE and DELETE on all tables in it, and CREATE on the schema while `claviger migrate` runs";

/// The refusal in one line, in the server's words and with its code. Not with its DETAIL, which may quote a row.
fn said(refusal: &DbError) -> String {
    let code = refusal.code();
    let mut text = format!(
        "{}: {} (SQLSTATE {})",
        refusal.severity(),
        refusal.message(),
        code.code()
    );
    if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        text.push_str("; ");
        text.push_str(REMEDY);
    }
    text
}

/// By SQLSTATE (PostgreSQL, appendix A).
fn fault(code: &SqlState) -> Fault {
    match code.code() {
        "40001" | "40P01" | "55P03" => Fault::Conflict,
        // 57P01–03 end the session, perhaps after the commit record was written; 40003 says so; 25006
        // answers a server that has become a standby.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "40003" | "25006" => Fault::Connection,
        "42501" => Fault::Denied,
        "53100" => Fault::Full,
        "58030" | "58000" | "XX001" | "XX002" => Fault::Io,
        code if code.starts_with("08") => Fault::Connection,
        code if code.starts_with("23") => Fault::Constraint,
        _ => Fault::Other,
    }
}

/// The detail says `Key (tenant_id, name)=(…) already exists.`
fn duplicate(refusal: &DbError) -> Error {
    let detail = refusal.detail().unwrap_or_default();
    let columns = detail
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map_or("", |(names, _)| names);
    Error::Duplicate {
        table: refusal.table().unwrap_or_default().into(),
        columns: columns.into(),
    }
}
