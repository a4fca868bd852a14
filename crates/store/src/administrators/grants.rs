//! Which role an administrator holds in which tenant: one each.

use claviger_domain::Timestamp;
use claviger_domain::ids::{AdministratorId, TenantId, UserId};

use crate::{Error, Reader, Row, Tx};

/// A role held in a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Where.
    pub tenant: TenantId,
    /// By whom.
    pub administrator: AdministratorId,
    /// The role's name.
    pub role: String,
    /// Since when he is barred from this tenant.
    pub disabled_at: Option<Timestamp>,
    /// The user of this tenant who is the same person.
    pub user: Option<UserId>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

const GET: &str = "SELECT tenant_id, administrator_id, role, disabled_at, user_id, created_at, updated_at,
    revision
    FROM administrator_grants WHERE tenant_id = $1 AND administrator_id = $2";
const OF_ADMINISTRATOR: &str = "SELECT tenant_id, administrator_id, role, disabled_at, user_id, created_at, updated_at,
    revision
    FROM administrator_grants WHERE administrator_id = $1 ORDER BY tenant_id";
const IN_TENANT: &str = "SELECT tenant_id, administrator_id, role, disabled_at, user_id, created_at, updated_at,
    revision
    FROM administrator_grants WHERE tenant_id = $1 ORDER BY administrator_id";
const OF_USER: &str = "SELECT tenant_id, administrator_id, role, disabled_at, user_id, created_at, updated_at,
    revision
    FROM administrator_grants WHERE tenant_id = $1 AND user_id = $2 ORDER BY administrator_id";
const INSERT: &str = "INSERT INTO administrator_grants
    (tenant_id, administrator_id, role, created_at, updated_at, revision) VALUES ($1, $2, $3, $4, $4, 1)";
const UPDATE: &str = "UPDATE administrator_grants SET role = $4, disabled_at = $5, user_id = $6,
    updated_at = $7, revision = revision + 1
    WHERE tenant_id = $1 AND administrator_id = $2 AND revision = $3";
const DELETE: &str = "DELETE FROM administrator_grants
    WHERE tenant_id = $1 AND administrator_id = $2 AND revision = $3";

/// The role that an administrator holds in a tenant, if any.
///
/// # Errors
/// What the database meets.
pub async fn get(
    reader: &mut Reader,
    tenant: TenantId,
    administrator: AdministratorId,
) -> Result<Option<Grant>, Error> {
    let row = reader.query_opt(GET, &[tenant.into(), administrator.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// All roles of an administrator, tenant by tenant.
///
/// # Errors
/// What the database meets.
pub async fn of_administrator(reader: &mut Reader, id: AdministratorId) -> Result<Vec<Grant>, Error> {
    reader
        .query(OF_ADMINISTRATOR, &[id.into()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// The roles of an administrator that he may use: those of tenants that have not barred him.
///
/// # Errors
/// What the database meets.
pub async fn usable(reader: &mut Reader, id: AdministratorId) -> Result<Vec<Grant>, Error> {
    let mut all = of_administrator(reader, id).await?;
    all.retain(|grant| grant.disabled_at.is_none());
    Ok(all)
}

/// The roles of those administrators of a tenant who are this user.
///
/// # Errors
/// What the database meets.
pub async fn of_user(reader: &mut Reader, tenant: TenantId, user: UserId) -> Result<Vec<Grant>, Error> {
    let rows = reader.query(OF_USER, &[tenant.into(), user.into()]).await?;
    rows.iter().map(from_row).collect()
}

/// All who hold a role in a tenant.
///
/// # Errors
/// What the database meets.
pub async fn in_tenant(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Grant>, Error> {
    reader
        .query(IN_TENANT, &[tenant.into()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// Gives a role to one who has none in the tenant.
///
/// # Errors
/// [`Error::Duplicate`] when there is one already.
pub async fn insert(tx: &mut Tx, tenant: TenantId, administrator: AdministratorId, role: &str) -> Result<(), Error> {
    let values = [tenant.into(), administrator.into(), role.into(), tx.now().into()];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Exchanges the role; `grant.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`].
pub async fn change(tx: &mut Tx, grant: &Grant, role: &str) -> Result<(), Error> {
    let role = role.to_owned();
    save(tx, &Grant { role, ..grant.clone() }).await
}

/// Saves role, bar and user; `grant.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`].
pub async fn save(tx: &mut Tx, grant: &Grant) -> Result<(), Error> {
    let values = [
        grant.tenant.into(),
        grant.administrator.into(),
        grant.revision.into(),
        grant.role.as_str().into(),
        grant.disabled_at.into(),
        grant.user.into(),
        tx.now().into(),
    ];
    tx.guarded(UPDATE, &values).await
}

/// Takes the role away.
///
/// # Errors
/// [`Error::Stale`].
pub async fn delete(tx: &mut Tx, grant: &Grant) -> Result<(), Error> {
    tx.guarded(
        DELETE,
        &[grant.tenant.into(), grant.administrator.into(), grant.revision.into()],
    )
    .await
}

fn from_row(row: &Row) -> Result<Grant, Error> {
    Ok(Grant {
        tenant: row.get("tenant_id")?,
        administrator: row.get("administrator_id")?,
        role: row.get("role")?,
        disabled_at: row.get("disabled_at")?,
        user: row.get("user_id")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
