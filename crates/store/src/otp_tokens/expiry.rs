//! What time does to tokens: they expire, and the seeds of compromised ones are shredded.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use claviger_domain::otp::Status;

use super::get::VISIBLE;
use super::row::{self, COLUMNS};
use crate::composed::Composed;
use crate::error::Error;
use crate::tx::{Reader, Tx};
use claviger_domain::otp::OtpToken;

const SHRED: &str = "UPDATE otp_tokens SET seed = NULL
    WHERE tenant_id = $1 AND status = $2 AND status_at < $3 AND seed IS NOT NULL";

/// Tokens whose time is up and of which nobody has written it down, at most `limit`.
///
/// # Errors
/// What the engine meets.
pub async fn due(reader: &mut Reader, tenant: TenantId, now: Timestamp, limit: i64) -> Result<Vec<OtpToken>, Error> {
    let mut sql = Composed::new("SELECT");
    sql.push(COLUMNS).push("FROM otp_tokens t WHERE t.tenant_id =");
    sql.bind(tenant.as_uuid()).push("AND t.expires_at <=").bind(now);
    sql.push("AND t.status IN ('active', 'disabled')").push(VISIBLE);
    sql.push("ORDER BY t.expires_at, t.id LIMIT").bind(limit);
    reader.select(&sql).await?.iter().map(row::token).collect()
}

/// Shreds the seeds of tokens that were compromised before this time; answers how many.
///
/// # Errors
/// What the engine meets.
pub async fn shred(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    let status = Status::Compromised.as_str();
    let values = [tx.tenant().as_uuid().into(), status.into(), before.into()];
    tx.execute(SHRED, &values).await
}
