//! What is past its time, removed in small pieces: each call is short, and says how much it removed.

use claviger_domain::Timestamp;
use uuid::Uuid;

use crate::{Error, Tx};

/// Rows of one piece.
const PIECE: i64 = 100;

const CHUNKS: &str = "SELECT c.job_id AS owner, c.number AS number FROM job_chunks c
    JOIN jobs j ON j.tenant_id = c.tenant_id AND j.id = c.job_id
    WHERE c.tenant_id = $1 AND c.job_id < $2 AND j.finished_at < $3 ORDER BY c.job_id, c.number LIMIT $4";
const DELETE_CHUNK: &str = "DELETE FROM job_chunks WHERE tenant_id = $1 AND job_id = $2 AND number = $3";
const REJECTS: &str = "SELECT r.batch_id AS owner, r.number AS number FROM batch_rejects r
    JOIN batches b ON b.tenant_id = r.tenant_id AND b.id = r.batch_id
    WHERE r.tenant_id = $1 AND r.batch_id < $2 AND b.updated_at < $3 ORDER BY r.batch_id, r.number LIMIT $4";
const DELETE_REJECT: &str = "DELETE FROM batch_rejects WHERE tenant_id = $1 AND batch_id = $2 AND number = $3";
const DELETE_MESSAGES: &str = "DELETE FROM outbox WHERE tenant_id = $1 AND id IN (SELECT id FROM outbox
    WHERE tenant_id = $1 AND id < $2 AND state IN ('sent', 'failed', 'not_sent') AND updated_at < $3
    ORDER BY id LIMIT $4)";

/// Keys whose failed mail is about to be removed: there is nothing to send again.
const FORGET_MAIL: &str = "UPDATE security_keys SET mail_failed = FALSE WHERE tenant_id = $1 AND id IN
    (SELECT o.subject_id FROM outbox o WHERE o.tenant_id = $1 AND o.state = 'failed' AND o.id IN (SELECT id FROM outbox
    WHERE tenant_id = $1 AND id < $2 AND state IN ('sent', 'failed', 'not_sent') AND updated_at < $3
    ORDER BY id LIMIT $4) AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.tenant_id = $1
    AND n.subject_id = o.subject_id AND n.kind = o.kind AND n.id > o.id))";

/// Removes row-by-row results of jobs that ended before then.
///
/// # Errors
/// What the database meets.
pub async fn job_results(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    pieces(tx, CHUNKS, DELETE_CHUNK, before).await
}

/// Removes rejected rows of imports that were last touched before then.
///
/// # Errors
/// What the database meets.
pub async fn import_rejects(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    pieces(tx, REJECTS, DELETE_REJECT, before).await
}

/// Removes messages that were settled before then.
///
/// # Errors
/// What the database meets.
pub async fn messages(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    let values = [tx.tenant().into(), born(before).into(), before.into(), PIECE.into()];
    tx.execute(FORGET_MAIL, &values).await?;
    tx.execute(DELETE_MESSAGES, &values).await
}

async fn pieces(tx: &mut Tx, find: &'static str, delete: &'static str, before: Timestamp) -> Result<u64, Error> {
    let tenant = tx.tenant();
    let values = [tenant.into(), born(before).into(), before.into(), PIECE.into()];
    let found = tx.query(find, &values).await?;
    let mut removed = 0;
    for row in &found {
        let (owner, number): (Uuid, i64) = (row.get("owner")?, row.get("number")?);
        removed += tx
            .execute(delete, &[tenant.into(), owner.into(), number.into()])
            .await?;
    }
    Ok(removed)
}

/// The least id that could be born at that time: ids are UUIDv7, and what is older lies before it, so that no walk
/// passes what is younger.
fn born(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}
