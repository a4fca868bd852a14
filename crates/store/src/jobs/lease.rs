//! Who is at work on a job. A lease that was not renewed in time is anybody's.

use claviger_domain::Timestamp;
use claviger_domain::ids::JobId;
use uuid::Uuid;

use super::{Job, Status, row};
use crate::error::Error;
use crate::tx::{Reader, Tx};

const FREE: &str = "SELECT * FROM jobs WHERE status = 'queued'
    UNION ALL SELECT * FROM jobs WHERE status = 'running' AND lease_until < $1 ORDER BY id LIMIT 8";
const TAKE: &str = "UPDATE jobs SET status = 'running', node = $3, lease_until = $4, revision = revision + 1,
    started_at = COALESCE(started_at, $5)
    WHERE tenant_id = $1 AND id = $2 AND revision = $6 AND status IN ('queued', 'running')";
const HEARTBEAT: &str = "UPDATE jobs SET lease_until = $4
    WHERE tenant_id = $1 AND id = $2 AND node = $3 AND status = 'running'";
const FINISH: &str = "UPDATE jobs SET status = $4, error = $5, finished_at = $6, lease_until = NULL,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND node = $3 AND status = 'running'";

/// Jobs of all tenants, the oldest first, that wait or whose server has stopped. Each is then taken
/// with [`take`] in its own tenant.
///
/// # Errors
/// What the engine meets.
pub async fn free(reader: &mut Reader, now: Timestamp) -> Result<Vec<Job>, Error> {
    let rows = reader.query(FREE, &[now.into()]).await?;
    rows.iter().map(row::job).collect()
}

/// Takes up a job as it was read; the lease ends at `until` unless renewed.
///
/// # Errors
/// [`Error::Stale`] when another server was faster.
pub async fn take(tx: &mut Tx, job: &Job, node: Uuid, until: Timestamp) -> Result<(), Error> {
    let values = [
        job.tenant.as_uuid().into(),
        job.id.as_uuid().into(),
        node.into(),
        until.into(),
        tx.now().into(),
        job.revision.into(),
    ];
    tx.guarded(TAKE, &values).await
}

/// Renews the lease.
///
/// # Errors
/// [`Error::Stale`] when another server has taken the job over: stop at once.
pub async fn heartbeat(tx: &mut Tx, id: JobId, node: Uuid, until: Timestamp) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        node.into(),
        until.into(),
    ];
    tx.guarded(HEARTBEAT, &values).await
}

/// Ends a job.
///
/// # Errors
/// [`Error::Stale`] when this server no longer holds the job.
pub async fn finish(tx: &mut Tx, id: JobId, node: Uuid, status: Status, error: Option<&str>) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        node.into(),
        status.as_str().into(),
        error.into(),
        tx.now().into(),
    ];
    tx.guarded(FINISH, &values).await
}
