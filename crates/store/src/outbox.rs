//! Messages to others, put down in the transaction of the change and sent after it, again until taken.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

use crate::{Error, Reader, Row, Tx};

/// A message that waits or has been dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose it is.
    pub tenant: TenantId,
    /// The message.
    pub id: Uuid,
    /// What to do with it.
    pub kind: String,
    /// The object it is about.
    pub subject: Option<Uuid>,
    /// JSON.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Grows with each change.
    pub revision: i64,
}

const DUE: &str = "SELECT tenant_id, id, kind, subject_id, payload, attempts, revision FROM outbox
    WHERE state = 'waiting' AND next_try_at <= $1 ORDER BY next_try_at LIMIT $2";
const INSERT: &str = "INSERT INTO outbox (tenant_id, id, kind, subject_id, payload, state, attempts, next_try_at,
    created_at, updated_at, revision) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, $6, $6, 1)";
const CLAIM: &str = "UPDATE outbox SET attempts = attempts + 1, next_try_at = $4, updated_at = $5,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND state = 'waiting'";
const SETTLE: &str = "UPDATE outbox SET state = $4, last_error = $5, updated_at = $6, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND state = 'waiting'";

/// Puts a message down for the job's tenant, to be sent at once.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, id: Uuid, kind: &str, subject: Option<Uuid>, payload: &str) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        id.into(),
        kind.into(),
        subject.into(),
        payload.into(),
        tx.now().into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Messages that wait and whose time has come, of all tenants.
///
/// # Errors
/// What the database meets.
pub async fn due(reader: &mut Reader, now: Timestamp, limit: i64) -> Result<Vec<Message>, Error> {
    reader
        .query(DUE, &[now.into(), limit.into()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Takes a message for sending; unless settled it is due again at `next_try_at`.
///
/// # Errors
/// [`Error::Stale`] when another server took it.
pub async fn claim(tx: &mut Tx, message: &Message, next_try_at: Timestamp) -> Result<Message, Error> {
    let values = [
        message.tenant.into(),
        message.id.into(),
        message.revision.into(),
        next_try_at.into(),
        tx.now().into(),
    ];
    tx.guarded(CLAIM, &values).await?;
    Ok(Message {
        attempts: message.attempts + 1,
        revision: message.revision + 1,
        ..message.clone()
    })
}

/// Ends a message: sent, or given up with what went wrong.
///
/// # Errors
/// [`Error::Stale`].
pub async fn settle(tx: &mut Tx, message: &Message, failure: Option<&str>) -> Result<(), Error> {
    let state = if failure.is_some() { "failed" } else { "sent" };
    let values = [
        message.tenant.into(),
        message.id.into(),
        message.revision.into(),
        state.into(),
        failure.into(),
        tx.now().into(),
    ];
    tx.guarded(SETTLE, &values).await
}

fn from_row(row: &Row) -> Result<Message, Error> {
    Ok(Message {
        tenant: row.get("tenant_id")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        subject: row.get("subject_id")?,
        payload: row.get("payload")?,
        attempts: row.get("attempts")?,
        revision: row.get("revision")?,
    })
}
