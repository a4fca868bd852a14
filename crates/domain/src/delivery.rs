//! The rules of an import: what a row of a delivery must say, and whether its key may come in beside those that are
//! there. Reading the file is the work of `formats`, finding the keys that of `store`.

mod judge;
mod row;

pub use judge::{Incoming, Present, Verdict, judge};
pub use row::{DeliveredKey, Given, Rows, attribute_name};

use crate::{security_key::Status, text::TextError};

/// A column that a delivery must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// What the model is called.
    DeviceName,
    /// The serial number.
    SerialNumber,
    /// The FIDO version.
    Version,
}

impl Column {
    /// Every one of them, in the order of the files that we write.
    pub const ALL: [Self; 3] = [Self::DeviceName, Self::SerialNumber, Self::Version];

    /// The name in the header of a file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeviceName => "deviceName",
            Self::SerialNumber => "serialNumber",
            Self::Version => "version",
        }
    }
}

/// What is wrong with a row, and in which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The column as the file calls it; none when it is the whole row.
    pub column: Option<String>,
    /// What is wrong.
    pub wrong: Wrong,
}

impl Fault {
    /// A fault in a column that every delivery has.
    #[must_use]
    pub fn in_column(column: Column, wrong: Wrong) -> Self {
        Self {
            column: Some(column.as_str().to_owned()),
            wrong,
        }
    }
}

/// What can be wrong with a row, in words that name the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A text is empty, too long, or holds control characters.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A serial number that a spreadsheet took for a quantity: its digits are lost.
    #[error("a spreadsheet turned the serial number into {shown}; format the column as text and fill it in again")]
    Rounded {
        /// What the file says.
        shown: String,
    },
    /// More in further columns than is kept of a key.
    #[error("the further columns of this row have more than {most} bytes together; shorten them or take some out")]
    TooManyAttributes {
        /// How many they may have.
        most: usize,
    },
    /// The serial number stands in the file twice.
    #[error("the serial number {serial} stands in line {line} already; keep one of the two")]
    Repeated {
        /// As this row writes it.
        serial: String,
        /// Where it stood first.
        line: u64,
    },
    /// A key with this serial number is in the tenant, and is not the same untouched one.
    #[error("a key {serial} is here already and is {status}; take the row out of the file")]
    Taken {
        /// As this row writes it.
        serial: String,
        /// What became of that key.
        status: Status,
    },
    /// Another import has the key in hand.
    #[error("another import is bringing or taking out a key {serial} just now; wait until it has ended")]
    InPassage {
        /// As this row writes it.
        serial: String,
    },
    /// The policy chosen for the import cannot be linked with the key.
    #[error("the policy chosen does not fit a key of version {version}; enterprise policies need FIDO_2_1 or later")]
    PolicyDoesNotFit {
        /// The key's version.
        version: String,
    },
}

#[cfg(test)]
mod tests;
