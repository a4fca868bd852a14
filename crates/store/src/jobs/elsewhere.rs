//! Jobs at work in other servers, whose progress nobody tells this one.

use claviger_domain::ids::{JobId, TenantId};
use uuid::Uuid;

use crate::error::Error;
use crate::tx::Reader;

const ELSEWHERE: &str = "SELECT tenant_id, id, revision FROM jobs
    WHERE status = 'running' AND tenant_id = ANY($1) AND node <> $2";

/// Running jobs of these tenants that another process has, with their revisions.
///
/// # Errors
/// What the engine meets.
pub async fn elsewhere(
    reader: &mut Reader,
    tenants: &[TenantId],
    node: Uuid,
) -> Result<Vec<(TenantId, JobId, i64)>, Error> {
    let ids: Vec<Uuid> = tenants.iter().map(TenantId::as_uuid).collect();
    let rows = reader.query(ELSEWHERE, &[ids.as_slice().into(), node.into()]).await?;
    rows.iter()
        .map(|row| {
            let (tenant, job) = (TenantId::from_uuid(row.get(0)?), JobId::from_uuid(row.get(1)?));
            Ok((tenant, job, row.get(2)?))
        })
        .collect()
}
