//! Keys by id. Keys of an import that is going in or out are not there.

use claviger_domain::Timestamp;
use claviger_domain::ids::{JobId, SecurityKeyId, TenantId};
use claviger_domain::security_key::SecurityKey;
use uuid::Uuid;

use super::row::{self, COLUMNS};
use crate::composed::Composed;
use crate::error::Error;
use crate::row::Row;
use crate::tx::Reader;

const HISTORY: &str = "SELECT job_id, at FROM key_history WHERE tenant_id = $1 AND security_key_id = $2
    ORDER BY job_id DESC";
pub(super) const VISIBLE: &str =
    "AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.tenant_id = k.tenant_id AND b.id = k.batch_id
    AND b.status IN ('applying', 'undoing'))";

/// A key by id.
///
/// # Errors
/// What the engine meets; [`Error::Inconsistent`] when its row contradicts itself.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: SecurityKeyId) -> Result<Option<SecurityKey>, Error> {
    let rows = rows(reader, tenant, &[id]).await?;
    rows.first().map(row::security_key).transpose()
}

/// Several keys in one statement; those that do not exist are left out, the order is open. At most 2,000 at once.
///
/// # Errors
/// As [`get`].
pub async fn get_many(reader: &mut Reader, tenant: TenantId, ids: &[SecurityKeyId]) -> Result<Vec<SecurityKey>, Error> {
    rows(reader, tenant, ids).await?.iter().map(row::security_key).collect()
}

/// Bulk jobs that changed a key, the newest first; each is one audit event.
///
/// # Errors
/// What the engine meets.
pub async fn jobs_of(
    reader: &mut Reader,
    tenant: TenantId,
    id: SecurityKeyId,
) -> Result<Vec<(JobId, Timestamp)>, Error> {
    let rows = reader
        .query(HISTORY, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    rows.iter()
        .map(|row| Ok((JobId::from_uuid(row.get(0)?), row.get(1)?)))
        .collect()
}

async fn rows(reader: &mut Reader, tenant: TenantId, ids: &[SecurityKeyId]) -> Result<Vec<Row>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(SecurityKeyId::as_uuid).collect();
    let mut sql = Composed::new("SELECT");
    sql.push(COLUMNS)
        .push("FROM security_keys k WHERE k.tenant_id =")
        .bind(tenant.as_uuid());
    match ids.as_slice() {
        [one] => sql.push("AND k.id =").bind(*one),
        _ => sql.push("AND k.id = ANY(").bind(ids).push(")"),
    };
    sql.push(VISIBLE);
    reader.select(&sql).await
}
