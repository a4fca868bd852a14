//! Imports: what became of a delivery file.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{PolicyRef, Time};

/// An import: a file, what was found in it, and what was done with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Import {
    /// Its id; absent for a dry run and for a refused file, of which nothing is kept.
    pub id: Option<Uuid>,
    /// What it brings.
    pub kind: ImportKind,
    /// Where it stands.
    pub status: ImportStatus,
    /// The file's name, as the sender called it.
    pub file_name: String,
    /// Its size in bytes.
    pub file_size: u64,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Of a delivery `csv` or `json`; of a seed file `pskc`, `oath_csv`, `entra_csv`, `yubico_csv`, `json` or `privacyidea`.
    /// Empty while nobody has looked.
    pub format: String,
    /// What is done with a file that has faulty rows.
    pub mode: ImportMode,
    /// The policy linked with it.
    pub policy: Option<PolicyRef>,
    /// When it was sent.
    pub created_at: Time,
    /// Who sent it.
    pub created_by: String,
    /// How many rows went which way.
    pub counts: ImportCounts,
    /// The first 1,000 faults.
    pub errors: Vec<ImportError>,
    /// Whether there are more faults than are listed.
    pub errors_truncated: bool,
    /// The file's columns and what they are taken for; told when the file was looked at.
    pub columns: Vec<ImportColumn>,
    /// The first 20 good rows of a delivery; told when the file was looked at.
    pub preview: Vec<ImportRow>,
    /// The same of a seed file, without seeds; empty for a delivery.
    pub preview_tokens: Vec<ImportTokenRow>,
    /// The job that carries it out, for long files.
    pub job_id: Option<Uuid>,
    /// Whether it can be undone: nothing that it brought was touched since.
    pub undoable: bool,
}

/// What an import brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// Keys of a delivery.
    #[default]
    SecurityKeys,
    /// Tokens of a seed file.
    OtpTokens,
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Looked at; nothing was changed.
    Previewed,
    /// The file is being checked.
    Checking,
    /// Rows are going in; none is visible yet.
    Applying,
    /// All is in.
    Applied,
    /// Stopped by an administrator; nothing is in.
    Cancelled,
    /// The server failed; nothing is in.
    Failed,
    /// The file is faulty; nothing is in.
    Refused,
    /// Rows are being taken out.
    Undoing,
    /// All is out again.
    Undone,
}

/// What is done with a file that has faulty rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Nothing of it goes in.
    #[default]
    AllOrNothing,
    /// Its good rows go in, the others come back as a file.
    GoodRows,
}

/// How many rows went which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// Rows that go in or went in.
    pub accepted: u64,
    /// Faulty rows.
    pub rejected: u64,
    /// Rows that are there already, exactly so.
    pub unchanged: u64,
}

/// A fault in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportError {
    /// The line where the row begins, from 1; 0 for a fault of the whole file.
    pub line: u64,
    /// The column, when the fault is in one.
    pub column: Option<String>,
    /// What is wrong, and what is wanted.
    pub detail: String,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportColumn {
    /// Its name in the file.
    pub name: String,
    /// Of a delivery `device_name`, `serial_number`, `version`, `attribute` (kept with the key) or `ignored`; of a seed file
    /// what the column holds, in words, or `ignored`.
    pub meaning: String,
}

/// A row of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRow {
    /// What the model is called.
    pub device_name: String,
    /// The serial number.
    pub serial_number: String,
    /// The FIDO version.
    pub version: String,
}

/// A row of a preview of a seed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportTokenRow {
    /// The serial number.
    pub serial_number: String,
    /// `hotp` or `totp`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `sha1`, `sha256` or `sha512`.
    pub algorithm: String,
    /// How many digits its codes have.
    pub digits: u8,
    /// How many seconds each code of a clock is shown; absent for those that count.
    pub time_step: Option<u8>,
    /// Who has it, as the file names the user.
    pub user_name: Option<String>,
}
