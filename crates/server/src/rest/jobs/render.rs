//! Jobs and their results on the wire.

use claviger_api as wire;
use claviger_domain::Timestamp;
use claviger_store::jobs::{Job, Outcome, RowResult, Status};

use crate::rest::reply::Reply;

impl Reply for Job {
    type Body = wire::Job;

    fn body(&self) -> Option<wire::Job> {
        Some(job(self))
    }
}

pub(super) fn job(job: &Job) -> wire::Job {
    let time = |at: Timestamp| wire::Time::from_micros(at.as_micros());
    wire::Job {
        id: job.id.as_uuid(),
        kind: job.kind.clone(),
        status: match job.status {
            Status::Queued => wire::JobStatus::Queued,
            Status::Running => wire::JobStatus::Running,
            Status::Done => wire::JobStatus::Done,
            Status::Failed => wire::JobStatus::Failed,
            Status::Cancelled => wire::JobStatus::Cancelled,
        },
        progress: wire::Progress {
            done: job.done,
            total: job.total,
        },
        refused: job.refused,
        subject_id: job.subject,
        results_url: crate::jobs::has_results(&job.kind).then(|| format!("/api/v1/jobs/{}/results", job.id)),
        created_at: time(job.created_at),
        created_by: job.created_by.clone(),
        finished_at: job.finished_at.map(time),
        error: job.error.clone(),
    }
}

pub(super) fn result(row: &RowResult) -> wire::JobResult {
    let (outcome, detail) = match &row.outcome {
        Outcome::Done => ("done", None),
        Outcome::Refused(reason) => ("refused", Some(reason.clone())),
    };
    wire::JobResult {
        object_id: row.object,
        label: row.label.clone(),
        outcome: outcome.to_owned(),
        detail,
    }
}
