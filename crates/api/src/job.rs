//! Jobs: long work.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// Long work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What it does.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// How far it is.
    pub progress: Progress,
    /// Rows that were refused so far.
    pub refused: u64,
    /// What it is about, such as an import.
    pub subject_id: Option<Uuid>,
    /// Where its per-row results are read.
    pub results_url: Option<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// Who asked.
    pub created_by: String,
    /// When it ended.
    pub finished_at: Option<Time>,
    /// Why it failed.
    pub error: Option<String>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Waiting for its turn.
    Queued,
    /// At work.
    Running,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// Stopped by an administrator.
    Cancelled,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// Rows done.
    pub done: u64,
    /// Rows in all.
    pub total: u64,
}

/// What became of one row of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobResult {
    /// The object it was about.
    pub object_id: Option<Uuid>,
    /// What people call that object.
    pub label: String,
    /// `done` or `refused`.
    pub outcome: String,
    /// Why it was refused.
    pub detail: Option<String>,
}
