//! What is to be sent now: found across tenants, taken by one server, settled or put off.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use super::{Message, REVOKED_MAIL, about_key, from_row};
use crate::{Error, Reader, Tx, security_keys};

/// Messages of one kind of one tenant: what stands in the way of one holds up no other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Whose.
    pub tenant: TenantId,
    /// Of which kind.
    pub kind: String,
}

const LANES: &str = "SELECT DISTINCT tenant_id, kind FROM outbox WHERE state = 'waiting' AND next_try_at <= $1";
const DUE: &str = "SELECT * FROM outbox WHERE tenant_id = $1 AND kind = $2 AND state = 'waiting' AND next_try_at <= $3
    ORDER BY next_try_at, id LIMIT $4";
const CLAIM: &str = "UPDATE outbox SET attempts = attempts + 1, next_try_at = $4, updated_at = $5,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND state = 'waiting'";
/// Guarded by the try: what was taken is sent, even if somebody asked for another try meanwhile.
const SENT: &str = "UPDATE outbox SET state = 'sent', last_error = NULL, updated_at = $4, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND attempts = $3 AND state = 'waiting'";
const SETTLE: &str = "UPDATE outbox SET state = 'failed', last_error = $4, updated_at = $5, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND state = 'waiting'";
const POSTPONE: &str = "UPDATE outbox SET next_try_at = $4, last_error = $5, failed_at = $6, updated_at = $7,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND state = 'waiting'";
const POSTPONE_DUE: &str = "UPDATE outbox SET attempts = attempts + 1, next_try_at = $4, last_error = $5,
    updated_at = $3, revision = revision + 1
    WHERE tenant_id = $1 AND kind = $2 AND state = 'waiting' AND next_try_at <= $3";
const GIVE_UP_DUE: &str = "UPDATE outbox SET state = 'failed', last_error = $1, failed_at = $2, updated_at = $2,
    revision = revision + 1
    WHERE tenant_id = $3 AND kind = $4 AND state = 'waiting' AND next_try_at <= $5 AND give_up_at <= $6";

/// The lanes in which something waits whose time has come.
///
/// # Errors
/// What the database meets.
pub async fn lanes_due(reader: &mut Reader, now: Timestamp) -> Result<Vec<Lane>, Error> {
    let rows = reader.query(LANES, &[now.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Lane {
                tenant: row.get("tenant_id")?,
                kind: row.get("kind")?,
            })
        })
        .collect()
}

/// Messages of a lane that wait and whose time has come.
///
/// # Errors
/// What the database meets.
pub async fn due(reader: &mut Reader, lane: &Lane, now: Timestamp, limit: i64) -> Result<Vec<Message>, Error> {
    let values = [lane.tenant.into(), lane.kind.as_str().into(), now.into(), limit.into()];
    reader.query(DUE, &values).await?.iter().map(from_row).collect()
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
        next_try_at,
        ..message.clone()
    })
}

/// Ends a message: sent, or given up with what went wrong.
///
/// # Errors
/// [`Error::Stale`].
pub async fn settle(tx: &mut Tx, message: &Message, failure: Option<&str>) -> Result<(), Error> {
    let (tenant, id, now) = (message.tenant.into(), message.id.into(), tx.now().into());
    match failure {
        None => tx.guarded(SENT, &[tenant, id, message.attempts.into(), now]).await?,
        Some(failure) => {
            let values = [tenant, id, message.revision.into(), failure.into(), now];
            tx.guarded(SETTLE, &values).await?;
        }
    }
    about_key(tx, &message.kind, message.subject).await
}

/// Puts a message off; `failed` says that the other side was met and did not take it.
///
/// # Errors
/// [`Error::Stale`].
pub async fn postpone(
    tx: &mut Tx,
    message: &Message,
    next_try_at: Timestamp,
    error: &str,
    failed: Option<Timestamp>,
) -> Result<(), Error> {
    let values = [
        message.tenant.into(),
        message.id.into(),
        message.revision.into(),
        next_try_at.into(),
        error.into(),
        failed.into(),
        tx.now().into(),
    ];
    tx.guarded(POSTPONE, &values).await
}

/// Puts everything of a lane off that is due: what stood in the way of one stands in the way of all. Answers how many.
///
/// # Errors
/// What the database meets.
pub async fn postpone_due(tx: &mut Tx, lane: &Lane, next_try_at: Timestamp, error: &str) -> Result<u64, Error> {
    let values = [
        lane.tenant.into(),
        lane.kind.as_str().into(),
        tx.now().into(),
        next_try_at.into(),
        error.into(),
    ];
    tx.execute(POSTPONE_DUE, &values).await
}

/// Gives up what is due in a lane and has been tried long enough. Answers how many.
///
/// # Errors
/// What the database meets.
pub async fn give_up_due(tx: &mut Tx, lane: &Lane, error: &str) -> Result<u64, Error> {
    let now = tx.now();
    let values = [
        error.into(),
        now.into(),
        lane.tenant.into(),
        lane.kind.as_str().into(),
        now.into(),
        now.into(),
    ];
    let given_up = tx.execute(GIVE_UP_DUE, &values).await?;
    if given_up > 0 && lane.kind == REVOKED_MAIL {
        security_keys::mark_given_up(tx, &lane.kind).await?;
    }
    Ok(given_up)
}
