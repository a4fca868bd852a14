//! CSV for programs and spreadsheets.

use super::Record;
use crate::{exit::Exit, failure::Failure};

/// Rows, after a header if wanted.
pub(super) fn list<T: Record>(items: &[T], header: bool) -> Result<String, Failure> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let broken = |error: csv::Error| Failure::new(Exit::Unexpected, error.to_string());
    if header {
        writer
            .write_record(T::COLUMNS.iter().map(|column| column.name))
            .map_err(broken)?;
    }
    for item in items {
        writer
            .write_record(T::COLUMNS.iter().map(|column| neutral((column.cell)(item))))
            .map_err(broken)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that no spreadsheet runs as a formula.
fn neutral(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}
