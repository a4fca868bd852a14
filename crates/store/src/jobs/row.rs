//! Rows of jobs.

use claviger_domain::ids::{JobId, TenantId};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Job, Status};
use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::Value;

const INSERT: &str = "INSERT INTO jobs (tenant_id, id, kind, status, arguments, subject_id, total, done, refused,
    position, error, cancel_requested, created_at, created_by, created_by_id, scope, started_at, finished_at,
    node, lease_until, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, NULL, 0, $19)";

impl Status {
    /// The word in storage and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

pub(super) async fn insert(tx: &mut Tx, job: &Job) -> Result<(), Error> {
    let number = |count: u64| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let values = [
        tx.tenant().as_uuid().into(),
        job.id.as_uuid().into(),
        job.kind.as_str().into(),
        job.status.as_str().into(),
        job.arguments.to_string().into(),
        job.subject.into(),
        number(job.total),
        number(job.done),
        number(job.refused),
        job.position.clone().into(),
        job.error.clone().into(),
        job.cancel_requested.into(),
        job.created_at.into(),
        job.created_by.as_str().into(),
        job.created_by_id.into(),
        job.scope.to_string().into(),
        job.started_at.into(),
        job.finished_at.into(),
        job.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

pub(super) fn job(row: &Row) -> Result<Job, Error> {
    let id: Uuid = row.get("id")?;
    let bad = |column: &str| Error::inconsistent(format!("jobs.{column} of {id}"));
    let json = |column: &'static str| serde_json::from_str::<Json>(row.text(column)?).map_err(|_| bad(column));
    Ok(Job {
        id: JobId::from_uuid(id),
        tenant: TenantId::from_uuid(row.get("tenant_id")?),
        revision: row.get("revision")?,
        kind: row.get("kind")?,
        status: Status::parse(row.text("status")?).ok_or_else(|| bad("status"))?,
        arguments: json("arguments")?,
        subject: row.get("subject_id")?,
        total: row.get("total")?,
        done: row.get("done")?,
        refused: row.get("refused")?,
        position: row.get("position")?,
        error: row.get("error")?,
        cancel_requested: row.get("cancel_requested")?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        created_by_id: row.get("created_by_id")?,
        scope: json("scope")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
    })
}
