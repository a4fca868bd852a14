//! What a check found in a file: counts, faults with their places, columns with their meanings, the first good rows.

use claviger_store::batches::Counts;
use serde::{Deserialize, Serialize};

/// Most faults that are listed; the others are counted and stand in the rejects file.
const MAX_FAULTS: usize = 1_000;
/// Most rows of a preview.
const MAX_PREVIEW: usize = 20;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// `csv` or `json`.
    pub format: String,
    /// How many rows went which way.
    pub counts: Counts,
    /// The first faults.
    pub faults: Vec<Fault>,
    /// Whether there are more.
    pub faults_truncated: bool,
    /// The file's columns.
    pub columns: Vec<Column>,
    /// The first good rows.
    pub preview: Vec<PreviewRow>,
    /// Whether the file cannot be read to its end, so that nothing of it may go in.
    pub unreadable: bool,
}

/// A fault in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The line where the row begins, from 1; 0 for a fault of the whole file.
    pub line: u64,
    /// The column, when the fault is in one.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub detail: String,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name in the file.
    pub name: String,
    /// What it is taken for.
    pub meaning: String,
}

/// A row of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PreviewRow {
    /// A key.
    Key {
        /// What the model is called.
        device_name: String,
        /// The serial number.
        serial_number: String,
        /// The FIDO version.
        version: String,
    },
    /// An OTP token, without its seed and its counter.
    Token {
        /// The serial number.
        serial_number: String,
        /// `hotp` or `totp`.
        kind: String,
        /// The hash of its codes.
        algorithm: String,
        /// How many digits its codes have.
        digits: u8,
        /// How many seconds each code of a clock is shown.
        time_step: Option<u8>,
        /// Who has it, as the file names the user.
        user_name: Option<String>,
    },
}

impl Report {
    /// Lists a fault while there is room.
    pub(super) fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else {
            self.faults_truncated = true;
        }
    }

    /// Shows a good row while there is room.
    pub(super) fn show(&mut self, row: impl FnOnce() -> PreviewRow) {
        if self.preview.len() < MAX_PREVIEW {
            self.preview.push(row());
        }
    }
}
