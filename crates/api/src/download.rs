//! Files for administrators to fetch.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// The system that a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DownloadSystem {
    /// Windows.
    Windows,
    /// macOS.
    Macos,
    /// Linux.
    Linux,
}

/// A file for administrators to fetch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Download {
    /// Its id.
    pub id: Uuid,
    /// Its revision, for `If-Match`.
    pub revision: i64,
    /// The system that it is for.
    pub system: DownloadSystem,
    /// What it is, such as `workstation` or `unlock`.
    pub kind: String,
    /// Under which name it is saved.
    pub file_name: String,
    /// Its version.
    pub version: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// When it was uploaded.
    pub uploaded_at: Time,
    /// Who uploaded it.
    pub uploaded_by: String,
    /// How to deploy it.
    pub notes: Option<String>,
}
