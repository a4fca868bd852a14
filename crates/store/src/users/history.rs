//! Which imports made or changed a user: an import is one audit event.

use claviger_domain::ids::{TenantId, UserId};
use uuid::Uuid;

use crate::dialect::{Bulk, Kind};
use crate::error::Error;
use crate::tx::{Reader, Tx};

const IMPORTS: &str = "SELECT import_id FROM user_history WHERE tenant_id = $1 AND user_id = $2
    ORDER BY import_id DESC LIMIT $3";
const HISTORY: Bulk = Bulk {
    table: "user_history",
    columns: &[
        ("tenant_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("import_id", Kind::Uuid),
        ("at", Kind::Int),
    ],
    on_conflict: "ON CONFLICT (tenant_id, user_id, import_id) DO NOTHING",
};

/// The newest imports that made or changed a user, at most `limit`.
///
/// # Errors
/// What the engine meets.
pub async fn imports_of(reader: &mut Reader, tenant: TenantId, id: UserId, limit: u32) -> Result<Vec<Uuid>, Error> {
    let values = [tenant.as_uuid().into(), id.as_uuid().into(), limit.into()];
    let rows = reader.query(IMPORTS, &values).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Notes in the history of users that an import made or changed them.
///
/// # Errors
/// What the engine meets.
pub async fn note_import(tx: &mut Tx, import: Uuid, users: &[UserId]) -> Result<(), Error> {
    let (tenant, now) = (tx.tenant().as_uuid(), tx.now());
    let row = |user: &UserId| vec![tenant.into(), user.as_uuid().into(), import.into(), now.into()];
    HISTORY.insert(tx, users.iter().map(row).collect()).await.map(drop)
}
