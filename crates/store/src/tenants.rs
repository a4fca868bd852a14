//! Tenants. They stand under the system's own tenant, so that their names are unique.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use crate::{Error, Reader, Row, Tx};

/// A customer's separate world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// The tenant.
    pub id: TenantId,
    /// Its name, unique whatever the case.
    pub name: String,
    /// Since when nobody may work in it.
    pub suspended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

const GET: &str = "SELECT id, name, suspended_at, created_at, updated_at, revision
    FROM tenants WHERE tenant_id = $1 AND id = $2";
const LIST: &str = "SELECT id, name, suspended_at, created_at, updated_at, revision
    FROM tenants WHERE tenant_id = $1 ORDER BY name_folded, id";
const INSERT: &str = "INSERT INTO tenants
    (tenant_id, id, name, name_folded, suspended_at, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const UPDATE: &str = "UPDATE tenants
    SET name = $4, name_folded = $5, suspended_at = $6, updated_at = $7, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const HOLD: &str = "UPDATE tenants SET revision = revision WHERE tenant_id = $1 AND id = $2";

/// The tenant, if there is one.
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader, id: TenantId) -> Result<Option<Tenant>, Error> {
    let row = reader.query_opt(GET, &[TenantId::SYSTEM.into(), id.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// All tenants by name.
///
/// # Errors
/// What the database meets.
pub async fn list(reader: &mut Reader) -> Result<Vec<Tenant>, Error> {
    let rows = reader.query(LIST, &[TenantId::SYSTEM.into()]).await?;
    rows.iter().map(from_row).collect()
}

/// Adds a tenant as it is given.
///
/// # Errors
/// [`Error::Duplicate`] when its name is taken.
pub async fn insert(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    let values = [
        TenantId::SYSTEM.into(),
        tenant.id.into(),
        tenant.name.as_str().into(),
        folded(&tenant.name).into(),
        tenant.suspended_at.into(),
        tenant.created_at.into(),
        tenant.updated_at.into(),
        tenant.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Saves name and suspension; `tenant.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`], [`Error::Duplicate`].
pub async fn save(tx: &mut Tx, tenant: &Tenant) -> Result<Tenant, Error> {
    let now = tx.now();
    let values = [
        TenantId::SYSTEM.into(),
        tenant.id.into(),
        tenant.revision.into(),
        tenant.name.as_str().into(),
        folded(&tenant.name).into(),
        tenant.suspended_at.into(),
        now.into(),
    ];
    tx.guarded(UPDATE, &values).await?;
    Ok(Tenant {
        updated_at: now,
        revision: tenant.revision + 1,
        ..tenant.clone()
    })
}

/// Holds the tenant until the commit: changes of who may do what stand in one line, whatever server they come from.
/// The first statement of such a job, so that it sees what those before it did.
///
/// # Errors
/// [`Error::Stale`] when there is no such tenant.
pub async fn hold(tx: &mut Tx, id: TenantId) -> Result<(), Error> {
    tx.guarded(HOLD, &[TenantId::SYSTEM.into(), id.into()]).await
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn from_row(row: &Row) -> Result<Tenant, Error> {
    Ok(Tenant {
        id: row.get("id")?,
        name: row.get("name")?,
        suspended_at: row.get("suspended_at")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
