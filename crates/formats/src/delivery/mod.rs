//! Delivery files: CSV with `deviceName, serialNumber, version`, or JSON with a `devices` array. Read row by row, in
//! bounded memory, each row with the line where it begins.

mod attributes;
mod cells;
mod columns;
mod csv;
pub(crate) mod encoding;
pub(crate) mod entries;
pub(crate) mod entry;
mod fault;
mod json;
pub(crate) mod source;
mod split;
mod table;
pub(crate) mod values;

use std::io::Read;

use claviger_domain::delivery::DeliveredKey;

pub use cells::Cells;
pub use columns::{Columns, Meaning};
pub use fault::{FileFault, RowFault, RowWrong, Wrong};
use source::Source;
pub(crate) use table::{Header, Table};

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

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Its cells as they stand in the file, in the order of the columns.
    pub cells: Cells,
    /// What they say, or all that is wrong.
    pub key: Judged,
}

/// A key, or all that is wrong with its row.
pub type Judged = Result<DeliveredKey, Vec<RowFault>>;

/// A delivery file that is being read.
#[derive(Debug)]
pub enum DeliveryReader<R> {
    /// Cells with a separator between them.
    Csv(Box<csv::Reader<R>>),
    /// An object with an array of objects.
    Json(Box<json::Reader<R>>),
}

impl<R: Read> DeliveryReader<R> {
    /// Looks at the file's beginning: what it is, and which columns it has.
    ///
    /// # Errors
    /// An empty file, a wrong encoding, a missing or doubled column, JSON without `devices`, too many columns.
    pub fn open(from: R, limits: Limits) -> Result<Self, FileFault> {
        let mut from = Source::new(from);
        from.at_least(4)?;
        let mark = encoding::look(from.at_hand())?;
        from.pass(mark);
        match first_sign(&mut from, limits.line)? {
            None => Err(FileFault::whole(Wrong::Empty)),
            Some(b'{' | b'[') => Ok(Self::Json(Box::new(json::Reader::open(from, limits)?))),
            Some(_) => Ok(Self::Csv(Box::new(csv::Reader::open(from, limits)?))),
        }
    }

    /// `csv` or `json`.
    #[must_use]
    pub const fn format(&self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Json(_) => "json",
        }
    }

    /// The columns of the file, in its order.
    #[must_use]
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

/// The first byte that is no blank. Blanks may fill no more than a line: a file of nothing else is not read to its end.
///
/// It does not hang on how much comes at once: further than the limit nothing is looked at, though it be at hand.
pub(crate) fn first_sign<R: Read>(from: &mut Source<R>, limit: u64) -> Result<Option<u8>, FileFault> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1);
    loop {
        let blanks = blanks(from.at_hand());
        if blanks >= most {
            return Ok(None);
        }
        if let Some(sign) = from.at_hand().get(blanks) {
            return Ok(Some(*sign));
        }
        if !from.more()? {
            return Ok(None);
        }
    }
}

/// How many blanks stand in front.
pub(crate) fn blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests;
