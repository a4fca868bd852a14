//! Delivery files: CSV with `deviceName, serialNumber, version`, or JSON with a `devices` array. Read row by row, in
//! bounded memory, each row with the line where it begins.

mod csv;
mod json;
mod metered;
mod row;

use std::io::{self, BufRead as _, BufReader, Read};

pub use row::{Cell, Columns, DeliveredKey, DeliveryRow, Meaning, RowFault};

/// How large a file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows.
    pub rows: u64,
    /// Columns.
    pub columns: u64,
    /// Bytes of one line.
    pub line: u64,
}

/// Why a file cannot be read on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct FileFault {
    /// The line, from 1; 0 when it is the whole file.
    pub line: u64,
    /// The column, when it is one.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub detail: String,
}

impl FileFault {
    fn whole(detail: impl Into<String>) -> Self {
        Self { line: 0, column: None, detail: detail.into() }
    }

    fn at(line: u64, detail: impl Into<String>) -> Self {
        Self { line, column: None, detail: detail.into() }
    }
}

/// A delivery file that is being read.
#[derive(Debug)]
pub enum DeliveryReader<R: Read> {
    /// Cells with a separator between them.
    Csv(csv::Reader<R>),
    /// An object with an array of objects.
    Json(json::Reader<R>),
}

const EMPTY: &str = "the file is empty; a header line and at least one row are wanted";
const UTF16: &str = "the file is encoded as UTF-16; save it as UTF-8 (in Excel: CSV UTF-8)";
pub(crate) const NOT_UTF8: &str = "the text is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)";

impl<R: Read> DeliveryReader<R> {
    /// Looks at the file's beginning: what it is, and which columns it has.
    ///
    /// # Errors
    /// An empty file, a wrong encoding, a missing or doubled column, JSON without `devices`, too many columns.
    pub fn open(from: R, limits: Limits) -> Result<Self, FileFault> {
        let mut from = BufReader::with_capacity(64 * 1024, from);
        let start = from.fill_buf().map_err(|error| unreadable(&error))?;
        if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
            return Err(FileFault::whole(UTF16));
        }
        if start.starts_with(&[0xEF, 0xBB, 0xBF]) {
            from.consume(3);
        }
        let start = from.fill_buf().map_err(|error| unreadable(&error))?;
        if start.iter().all(u8::is_ascii_whitespace) && start.len() < 64 * 1024 {
            return Err(FileFault::whole(EMPTY));
        }
        match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => json::Reader::open(from, limits).map(Self::Json),
            _ => csv::Reader::open(from, limits).map(Self::Csv),
        }
    }

    /// `csv` or `json`.
    pub const fn format(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Json(_) => "json",
        }
    }

    /// The columns of the file, in its order.
    pub const fn columns(&self) -> &Columns {
        match self {
            Self::Csv(reader) => reader.columns(),
            Self::Json(reader) => reader.columns(),
        }
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read on, or is past its limits.
    pub fn next_row(&mut self) -> Result<Option<DeliveryRow>, FileFault> {
        match self {
            Self::Csv(reader) => reader.next_row(),
            Self::Json(reader) => reader.next_row(),
        }
    }
}

fn unreadable(error: &io::Error) -> FileFault {
    FileFault::whole(format!("the file cannot be read: {error}"))
}

fn too_many_rows(line: u64, most: u64) -> FileFault {
    FileFault::at(line, format!("the file has more than {most} rows; split it"))
}

#[cfg(test)]
mod tests;
