//! Owners who signed in beside the tenant's identity provider, and whether somebody else has taken note.

use claviger_domain::Timestamp;
use claviger_domain::ids::{AdministratorId, TenantId};
use uuid::Uuid;

use crate::bounded::{counted, most};
use crate::{Error, Reader, Tx, pages::Total};

/// For so long one stands on the first page unless somebody takes note.
pub const DAYS: i64 = 7;

const INSERT: &str = "INSERT INTO break_glass (tenant_id, id, administrator_id, at) VALUES ($1, $2, $3, $4)";
const FORGET: &str = "DELETE FROM break_glass WHERE tenant_id = $1 AND at < $2";
const OPEN: &str = "SELECT COUNT(*) AS count, MAX(at) AS newest FROM (SELECT at FROM break_glass WHERE tenant_id = $1
    AND acknowledged_at IS NULL AND at > $2 LIMIT $3) counted";
const ACKNOWLEDGE: &str = "UPDATE break_glass SET acknowledged_at = $2 WHERE tenant_id = $1
    AND acknowledged_at IS NULL AND at > $3 AND at <= $4 AND administrator_id <> $5";

/// Those that nobody has taken note of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// How many.
    pub count: Total,
    /// When the newest of them was.
    pub newest: Option<Timestamp>,
}

/// Notes that an Owner signed in now; what is past its days goes.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, id: Uuid, administrator: AdministratorId) -> Result<(), Error> {
    let (tenant, now) = (tx.tenant(), tx.now());
    tx.execute(FORGET, &[tenant.into(), since(now).into()]).await?;
    let values = [tenant.into(), id.into(), administrator.into(), now.into()];
    tx.execute(INSERT, &values).await.map(drop)
}

/// What nobody has taken note of yet, of the last days.
///
/// # Errors
/// What the database meets.
pub async fn open(reader: &mut Reader, tenant: TenantId, now: Timestamp) -> Result<Open, Error> {
    let values = [tenant.into(), since(now).into(), most().into()];
    let row = reader.query_one(OPEN, &values).await?;
    Ok(Open {
        count: counted(&row)?,
        newest: row.get("newest")?,
    })
}

/// Takes note of those up to a time that are not this administrator's own; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn acknowledge(tx: &mut Tx, until: Timestamp, by: Option<Uuid>) -> Result<u64, Error> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let by = by.unwrap_or_default();
    let values = [tenant.into(), now.into(), since(now).into(), until.into(), by.into()];
    tx.execute(ACKNOWLEDGE, &values).await
}

fn since(now: Timestamp) -> Timestamp {
    now.plus_seconds(-DAYS * 86_400)
}
