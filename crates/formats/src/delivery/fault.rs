//! Why a file cannot be taken: every sentence that a reader of files may say, with its remedy.

use std::io;

use claviger_domain::{delivery::Column, text::TextError};

/// Why a file cannot be read on; nothing of it can be trusted then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{wrong}")]
pub struct FileFault {
    /// The line, from 1; 0 when it is the whole file.
    pub line: u64,
    /// The column, when it is one.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub wrong: Wrong,
}

impl FileFault {
    pub(super) const fn whole(wrong: Wrong) -> Self {
        Self {
            line: 0,
            column: None,
            wrong,
        }
    }

    pub(super) const fn at(line: u64, wrong: Wrong) -> Self {
        Self {
            line,
            column: None,
            wrong,
        }
    }

    pub(crate) fn of_column(line: u64, column: &str, wrong: Wrong) -> Self {
        Self {
            column: Some(column.to_owned()),
            ..Self::at(line, wrong)
        }
    }
}

impl From<io::Error> for FileFault {
    fn from(error: io::Error) -> Self {
        Self::whole(Wrong::Unreadable {
            cause: error.to_string(),
        })
    }
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Nothing but blanks.
    #[error("the file is empty; a header line and at least one row are wanted")]
    Empty,
    /// A header or an empty list.
    #[error("the file has no rows; at least one is wanted below the header or in `devices`")]
    NoRows,
    /// Another encoding.
    #[error("the file is encoded as {encoding}; save it as UTF-8 (in Excel: CSV UTF-8)")]
    Encoding {
        /// Which.
        encoding: &'static str,
    },
    /// Something else than a text.
    #[error("the file is {kind}; save the table as CSV UTF-8 and send that")]
    OtherFile {
        /// What it is.
        kind: &'static str,
    },
    /// A byte that is not UTF-8.
    #[error(
        "the text is not UTF-8 at byte {position} of the line ({byte:#04X}, perhaps {guess}); save the file as UTF-8 (in Excel: CSV UTF-8)"
    )]
    NotUtf8 {
        /// Which byte of the line, from 1.
        position: usize,
        /// The byte.
        byte: u8,
        /// What it would be elsewhere.
        guess: &'static str,
    },
    /// Lines that end as on machines of the last century.
    #[error("lines end with a bare carriage return; save the file with LF or CRLF as line ends")]
    BareCarriageReturn,
    /// A needed column is not there.
    #[error("the column {column} is missing; {wanted}")]
    ColumnMissing {
        /// Its name.
        column: &'static str,
        /// Which columns such a file has.
        wanted: &'static str,
    },
    /// A column is there more than once.
    #[error("the column {column} is there twice; keep one")]
    ColumnTwice {
        /// Its name.
        column: String,
    },
    /// A column has a name that cannot be kept.
    #[error("{0}; rename the column or take it out")]
    ColumnName(TextError),
    /// Past a limit.
    #[error("the file has more than {most} columns; take some out")]
    TooManyColumns {
        /// How many it may have.
        most: u64,
    },
    /// Past a limit.
    #[error("the file has more than {most} rows; split it")]
    TooManyRows {
        /// How many it may have.
        most: u64,
    },
    /// Past a limit.
    #[error("the line is longer than {kibibytes} KiB; a quote may be missing")]
    LineTooLong {
        /// How long it may be.
        kibibytes: u64,
    },
    /// Past a limit.
    #[error("the entry is longer than {kibibytes} KiB; a quote or bracket may be missing")]
    EntryTooLong {
        /// How long it may be.
        kibibytes: u64,
    },
    /// A quote that is never closed.
    #[error("a quote is opened here and never closed; close it, or write \"\" for a quote within a cell")]
    QuoteNotClosed,
    /// A quote within an unquoted cell.
    #[error("a quote stands within a cell; put the whole cell in quotes and write the quote within it as \"\"")]
    QuoteWithin,
    /// Something between a closing quote and the separator.
    #[error("text follows a closing quote; write \"\" for a quote within a cell")]
    TextAfterQuote,
    /// JSON of another form.
    #[error("the file is no delivery: an object with an array `devices` is wanted")]
    NoDevices,
    /// JSON that begins with an array.
    #[error("the file is a bare array; wrap it: {{\"devices\": [ … ]}}")]
    BareArray,
    /// Two arrays of devices.
    #[error("`devices` is there twice; keep one")]
    DevicesTwice,
    /// Not JSON.
    #[error("the file is not well-formed JSON: {what}")]
    Malformed {
        /// How.
        what: String,
    },
    /// The disk.
    #[error("the file cannot be read: {cause}")]
    Unreadable {
        /// As the system says it.
        cause: String,
    },
}

impl Wrong {
    pub(super) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed { what: what.into() }
    }

    pub(super) const fn missing(column: Column) -> Self {
        Self::ColumnMissing {
            column: column.as_str(),
            wanted: "deviceName, serialNumber and version are wanted",
        }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The column as the file calls it.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub wrong: RowWrong,
}

/// What can be wrong with a row, beside what the domain says of its cells.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowWrong {
    /// A rule of imports.
    #[error(transparent)]
    Rule(#[from] claviger_domain::delivery::Wrong),
    /// More cells than the header has columns.
    #[error("the row has {cells} cells, the header {columns}; quote cells that hold a separator")]
    TooManyCells {
        /// In the row.
        cells: usize,
        /// In the header.
        columns: usize,
    },
    /// An entry that is not an object.
    #[error("the entry is {kind}; an object with deviceName, serialNumber and version is wanted")]
    NoObject {
        /// What it is.
        kind: &'static str,
    },
    /// A member that should be a text.
    #[error("this is {kind}; write it in quotes")]
    NoText {
        /// What it is.
        kind: &'static str,
    },
    /// A member that holds members.
    #[error("this is {kind}; a text, a number, true or false is wanted")]
    Nested {
        /// What it is.
        kind: &'static str,
    },
    /// The same member again.
    #[error("{member} is there twice in the entry; keep one")]
    MemberTwice {
        /// Its name.
        member: String,
    },
    /// Past a limit.
    #[error("the entry has more than {most} members; take some out")]
    TooManyMembers {
        /// How many it may have.
        most: u64,
    },
    /// A member with a name that cannot be kept.
    #[error("{0}; rename the member or take it out")]
    MemberName(TextError),
}

impl From<claviger_domain::delivery::Fault> for RowFault {
    fn from(fault: claviger_domain::delivery::Fault) -> Self {
        Self {
            column: fault.column,
            wrong: fault.wrong.into(),
        }
    }
}

impl From<RowWrong> for RowFault {
    fn from(wrong: RowWrong) -> Self {
        Self { column: None, wrong }
    }
}
