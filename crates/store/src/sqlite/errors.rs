//! SQLite's errors in the store's words.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::error::{Error, Fault};

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = &error else {
            return Self::driver(Fault::Other, error);
        };
        let unique = [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY];
        if unique.contains(&failure.extended_code) {
            return duplicate(message.as_deref().unwrap_or_default());
        }
        Self::driver(fault(failure.code), error)
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the engine's list is long and open")]
fn fault(code: ErrorCode) -> Fault {
    match code {
        ErrorCode::DiskFull => Fault::Full,
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase => Fault::Io,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Fault::Conflict,
        ErrorCode::ConstraintViolation => Fault::Constraint,
        _ => Fault::Other,
    }
}

/// `UNIQUE constraint failed: policies.tenant_id, policies.name`
fn duplicate(message: &str) -> Error {
    let names = message.split_once(": ").map_or(message, |(_, names)| names);
    let (table, _) = names.split_once('.').unwrap_or((names, ""));
    let columns: Vec<&str> = names
        .split(", ")
        .map(|name| name.split_once('.').map_or(name, |(_, column)| column))
        .collect();
    Error::Duplicate {
        table: table.into(),
        columns: columns.join(", ").into(),
    }
}
