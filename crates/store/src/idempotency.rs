//! What was answered to a request with an `Idempotency-Key`, kept in the transaction of its change.

use claviger_domain::Timestamp;
use uuid::Uuid;

use claviger_domain::ids::TenantId;

use crate::{Error, Reader, Row, Tx};

/// A request carried out before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Who asked: administrator or API token.
    pub caller: Uuid,
    /// The key the caller chose.
    pub key: String,
    /// Hash of what was asked.
    pub fingerprint: [u8; 32],
    /// Status of the answer.
    pub status: i64,
    /// The answer; absent when it held a secret.
    pub response: Option<Vec<u8>>,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

const GET: &str = "SELECT caller_id, idempotency_key, fingerprint, status, response, expires_at
    FROM idempotency_keys WHERE tenant_id = $1 AND caller_id = $2 AND idempotency_key = $3 AND expires_at > $4";
const INSERT: &str = "INSERT INTO idempotency_keys
    (tenant_id, caller_id, idempotency_key, fingerprint, status, response, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (tenant_id, caller_id, idempotency_key) DO UPDATE SET
        fingerprint = excluded.fingerprint, status = excluded.status, response = excluded.response,
        created_at = excluded.created_at, expires_at = excluded.expires_at
    WHERE idempotency_keys.expires_at <= excluded.created_at";
const EXPIRED: &str = "DELETE FROM idempotency_keys WHERE expires_at <= $1";

/// What was answered under this key, unless it has expired.
///
/// # Errors
/// What the database meets.
pub async fn get(
    reader: &mut Reader,
    tenant: TenantId,
    caller: Uuid,
    key: &str,
    now: Timestamp,
) -> Result<Option<Answered>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.into(), caller.into(), key.into(), now.into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// Keeps an answer.
///
/// # Errors
/// [`Error::Stale`] when the key was answered by another request meanwhile: this one must not be carried
/// out a second time.
pub async fn keep(tx: &mut Tx, answered: &Answered) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        answered.caller.into(),
        answered.key.as_str().into(),
        answered.fingerprint.into(),
        answered.status.into(),
        answered.response.as_deref().into(),
        tx.now().into(),
        answered.expires_at.into(),
    ];
    tx.guarded(INSERT, &values).await
}

/// Removes what has expired in all tenants; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn delete_expired(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(EXPIRED, &[now.into()]).await
}

fn from_row(row: &Row) -> Result<Answered, Error> {
    Ok(Answered {
        caller: row.get("caller_id")?,
        key: row.get("idempotency_key")?,
        fingerprint: row.get("fingerprint")?,
        status: row.get("status")?,
        response: row.get("response")?,
        expires_at: row.get("expires_at")?,
    })
}
