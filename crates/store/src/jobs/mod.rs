//! Long work: taken up by one server at a time under a lease, so that another goes on when it dies.

mod elsewhere;
mod lease;
mod results;
mod row;

use claviger_domain::Timestamp;
use claviger_domain::ids::{JobId, TenantId};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::bounded;
use crate::error::Error;
use crate::pages::Total;
use crate::tx::{Reader, Tx};

pub use elsewhere::elsewhere;
pub use lease::{finish, free, heartbeat, take};
pub use results::{Outcome, RowResult, Rows, put_chunk, results};

// Without the arguments: they may name a million keys, and only who takes the job up needs them.
const GET: &str = "SELECT tenant_id, id, revision, kind, status, 'null' AS arguments, subject_id, total, done, refused,
    position, error, cancel_requested, created_at, created_by, created_by_id, scope, started_at, finished_at
    FROM jobs WHERE tenant_id = $1 AND id = $2";
const LIST: &str =
    "SELECT tenant_id, id, revision, kind, status, 'null' AS arguments, subject_id, total, done, refused,
    position, error, cancel_requested, created_at, created_by, created_by_id, scope, started_at, finished_at
    FROM jobs WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
const COUNT: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM jobs WHERE tenant_id = $1 LIMIT $2) counted";
const CANCEL: &str = "UPDATE jobs SET cancel_requested = TRUE, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND status IN ('queued', 'running') AND NOT cancel_requested";
const CANCELLED: &str = "SELECT cancel_requested FROM jobs WHERE tenant_id = $1 AND id = $2";
const TOTAL: &str = "UPDATE jobs SET total = $3, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND status = 'running' AND node = $4";

const ADVANCE: &str = "UPDATE jobs SET done = done + $3, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND status = 'running' AND node = $4";

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Waits to be taken up.
    Queued,
    /// A server is at work.
    Running,
    /// Ended well.
    Done,
    /// Ended badly; the job says why.
    Failed,
    /// Stopped by somebody.
    Cancelled,
}

/// Long work as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which job.
    pub id: JobId,
    /// Whose.
    pub tenant: TenantId,
    /// Rises with every change but heartbeats.
    pub revision: i64,
    /// What it does: `import`, `bulk.link_policy`.
    pub kind: String,
    /// Where it stands.
    pub status: Status,
    /// What it needs to know; told by [`free`] alone.
    pub arguments: Json,
    /// What it is about, such as an import.
    pub subject: Option<Uuid>,
    /// Rows in all.
    pub total: u64,
    /// Rows dealt with, refused ones among them.
    pub done: u64,
    /// Rows refused.
    pub refused: u64,
    /// Where a server that takes over goes on, as the job wrote it with its last chunk.
    pub position: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// Whether somebody wants it stopped.
    pub cancel_requested: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Who asked, by name.
    pub created_by: String,
    /// Who asked.
    pub created_by_id: Option<Uuid>,
    /// On whose behalf it writes, as the server wrote it.
    pub scope: Json,
    /// When it was first taken up.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Adds a job; it waits until a server takes it.
///
/// # Errors
/// What the engine meets.
pub async fn insert(tx: &mut Tx, job: &Job) -> Result<(), Error> {
    row::insert(tx, job).await
}

/// A job by id.
///
/// # Errors
/// What the engine meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: JobId) -> Result<Option<Job>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    row.as_ref().map(row::job).transpose()
}

/// Jobs from the newest on, behind `after`.
///
/// # Errors
/// What the engine meets.
pub async fn list(reader: &mut Reader, tenant: TenantId, after: Option<JobId>, limit: u32) -> Result<Vec<Job>, Error> {
    let after = after.map_or(Uuid::max(), |id| id.as_uuid());
    let rows = reader
        .query(LIST, &[tenant.as_uuid().into(), after.into(), limit.into()])
        .await?;
    rows.iter().map(row::job).collect()
}

/// How many jobs a tenant has had.
///
/// # Errors
/// What the engine meets.
pub async fn total(reader: &mut Reader, tenant: TenantId) -> Result<Total, Error> {
    bounded::total(reader, COUNT, tenant).await
}

/// Asks for a job to be stopped; answers whether that changed anything.
///
/// # Errors
/// What the engine meets.
pub async fn request_cancel(tx: &mut Tx, id: JobId) -> Result<bool, Error> {
    let tenant = tx.tenant().as_uuid();
    Ok(tx.execute(CANCEL, &[tenant.into(), id.as_uuid().into()]).await? > 0)
}

/// Whether somebody wants the job stopped; asked before each chunk.
///
/// # Errors
/// [`Error::Inconsistent`] when there is no such job.
pub async fn cancel_requested(reader: &mut Reader, tenant: TenantId, id: JobId) -> Result<bool, Error> {
    reader
        .query_one(CANCELLED, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?
        .get(0)
}

/// Says how many rows there are, once they are counted.
///
/// # Errors
/// [`Error::Stale`] when this server no longer holds the job.
pub async fn set_total(tx: &mut Tx, id: JobId, node: Uuid, total: u64) -> Result<(), Error> {
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        total.into(),
        node.into(),
    ];
    tx.guarded(TOTAL, &values).await
}

/// Counts rows that are dealt with, for a job whose rows leave no results of their own.
///
/// # Errors
/// [`Error::Stale`] when this server no longer holds the job.
pub async fn advance(tx: &mut Tx, id: JobId, node: Uuid, by: u64) -> Result<(), Error> {
    let by = i64::try_from(by).unwrap_or(i64::MAX);
    let values = [
        tx.tenant().as_uuid().into(),
        id.as_uuid().into(),
        by.into(),
        node.into(),
    ];
    tx.guarded(ADVANCE, &values).await
}
