//! PostgreSQL's errors in the store's words.

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
        let kind = fault(refusal.code());
        Self::driver(kind, error)
    }
}

/// By SQLSTATE (PostgreSQL, appendix A).
fn fault(code: &SqlState) -> Fault {
    match code.code() {
        "40001" | "40P01" | "55P03" => Fault::Conflict,
        // 57P01–03 end the session, perhaps after the commit record was written; 40003 says so; 25006
        // answers a server that has become a standby.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "40003" | "25006" => Fault::Connection,
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
