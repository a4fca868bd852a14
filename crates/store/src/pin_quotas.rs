//! How often an operator had initial PINs shown, on whichever server: the times of the last hour.

use claviger_domain::{TenantId, Timestamp};
use uuid::Uuid;

use crate::{Error, Reader, Tx};

/// What an operator had shown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PinQuota {
    /// When; the caller drops those that no longer count.
    pub shown: Vec<Timestamp>,
    /// Grows with each change; 0 for an operator who never had any shown.
    pub revision: i64,
}

const GET: &str = "SELECT shown, revision FROM pin_quotas WHERE tenant_id = $1 AND operator_id = $2";
const INSERT: &str = "INSERT INTO pin_quotas (tenant_id, operator_id, shown, revision)
    VALUES ($1, $2, $3, 1) ON CONFLICT (tenant_id, operator_id) DO NOTHING";
const UPDATE: &str = "UPDATE pin_quotas SET shown = $4, revision = revision + 1
    WHERE tenant_id = $1 AND operator_id = $2 AND revision = $3";

/// What the operator had shown.
///
/// # Errors
/// What the engine meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, operator: Uuid) -> Result<PinQuota, Error> {
    let Some(row) = reader.query_opt(GET, &[tenant.into(), operator.into()]).await? else {
        return Ok(PinQuota::default());
    };
    let shown: Vec<i64> = serde_json::from_str(row.text("shown")?)
        .map_err(|_| Error::inconsistent(format!("pin_quotas.shown of {operator}")))?;
    Ok(PinQuota {
        shown: shown.into_iter().map(Timestamp::from_micros).collect(),
        revision: row.get("revision")?,
    })
}

/// Writes what counts now; `quota.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`] when another server wrote meanwhile: two showings at once never count as one.
pub async fn save(tx: &mut Tx, operator: Uuid, quota: &PinQuota) -> Result<(), Error> {
    let shown: Vec<i64> = quota.shown.iter().map(|at| at.as_micros()).collect();
    let shown = serde_json::json!(shown).to_string();
    let tenant = tx.tenant();
    if quota.revision == 0 {
        return tx
            .guarded(INSERT, &[tenant.into(), operator.into(), shown.into()])
            .await;
    }
    let values = [tenant.into(), operator.into(), quota.revision.into(), shown.into()];
    tx.guarded(UPDATE, &values).await
}
