//! What other servers on the same database changed, told by how far their lanes moved.

use claviger_domain::ids::TenantId;
use uuid::Uuid;

use super::heads::{LaneHead, head_from};
use crate::{Error, Reader, Value};

const HEADS_OF: &str = "SELECT tenant_id, lane, sequence, hash FROM audit_heads WHERE tenant_id = ANY($1)";
const TOUCHED: &str = "SELECT object_kind, object_id FROM audit_events
    WHERE tenant_id = $1 AND lane = $2 AND sequence > $3 ORDER BY sequence LIMIT $4";

/// Where all lanes of these tenants stand.
///
/// # Errors
/// What the database meets.
pub async fn heads_of(reader: &mut Reader, tenants: &[TenantId]) -> Result<Vec<LaneHead>, Error> {
    let ids: Vec<Uuid> = tenants.iter().map(TenantId::as_uuid).collect();
    let rows = reader.query(HEADS_OF, &[ids.as_slice().into()]).await?;
    rows.iter().map(head_from).collect()
}

/// The objects of a lane's events after `sequence`, in their order; at most `limit`.
///
/// # Errors
/// What the database meets.
pub async fn touched(
    reader: &mut Reader,
    tenant: TenantId,
    lane: i64,
    sequence: i64,
    limit: i64,
) -> Result<Vec<(String, Option<Uuid>)>, Error> {
    let values: [Value; 4] = [tenant.into(), lane.into(), sequence.into(), limit.into()];
    let rows = reader.query(TOUCHED, &values).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
