//! Roles that a tenant made, and how many hold a role. Grants and API tokens name their role.

use std::collections::HashMap;

use claviger_domain::ids::TenantId;
use claviger_domain::text::{RoleName, fold};
use claviger_domain::{CustomRole, Privilege, PrivilegeSet, Revision};

use crate::{Error, Reader, Row, Tx};

const LIST: &str = "SELECT id, name, privileges, created_at, updated_at, revision FROM roles
    WHERE tenant_id = $1 ORDER BY name_folded";
const BY_NAME: &str = "SELECT id, name, privileges, created_at, updated_at, revision FROM roles
    WHERE tenant_id = $1 AND name_folded = $2";
const HOLDERS: &str = "SELECT role, count(*) AS holders FROM (
        SELECT role FROM administrator_grants WHERE tenant_id = $1
        UNION ALL SELECT role FROM api_tokens WHERE tenant_id = $1 AND revoked_at IS NULL
    ) AS held GROUP BY role";
const INSERT: &str = "INSERT INTO roles
    (tenant_id, id, name, name_folded, privileges, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const UPDATE: &str = "UPDATE roles SET name = $4, name_folded = $5, privileges = $6, updated_at = $7, revision = $8
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const RENAME_GRANTS: &str = "UPDATE administrator_grants SET role = $3, updated_at = $4, revision = revision + 1
    WHERE tenant_id = $1 AND role = $2";
const RENAME_TOKENS: &str =
    "UPDATE api_tokens SET role = $3, revision = revision + 1 WHERE tenant_id = $1 AND role = $2";
const DELETE: &str = "DELETE FROM roles WHERE tenant_id = $1 AND id = $2 AND revision = $3";

/// The roles that a tenant made, by name.
///
/// # Errors
/// What the database meets.
pub async fn list(reader: &mut Reader, tenant: TenantId) -> Result<Vec<CustomRole>, Error> {
    let rows = reader.query(LIST, &[tenant.into()]).await?;
    rows.iter().map(from_row).collect()
}

/// The role of that name, whatever its case.
///
/// # Errors
/// What the database meets.
pub async fn by_name(reader: &mut Reader, tenant: TenantId, name: &str) -> Result<Option<CustomRole>, Error> {
    let row = reader
        .query_opt(BY_NAME, &[tenant.into(), fold(name.trim()).into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// How many administrators and API tokens hold each role, built-in ones too; those that nobody holds are left out.
///
/// # Errors
/// What the database meets.
pub async fn holders(reader: &mut Reader, tenant: TenantId) -> Result<HashMap<String, u64>, Error> {
    let rows = reader.query(HOLDERS, &[tenant.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.get("role")?, row.get("holders")?)))
        .collect()
}

/// Adds a role to the job's tenant.
///
/// # Errors
/// [`Error::Duplicate`] in `roles` when the name is taken.
pub async fn insert(tx: &mut Tx, role: &CustomRole) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        role.id().into(),
        role.name().as_str().into(),
        role.name().folded().into(),
        written(role.privileges()).into(),
        role.created_at().into(),
        role.updated_at().into(),
        role.revision().get().into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Replaces `before` by `after`; whoever holds the role holds it under its new name.
///
/// # Errors
/// [`Error::Stale`], [`Error::Duplicate`].
pub async fn save(tx: &mut Tx, before: &CustomRole, after: &CustomRole) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        before.id().into(),
        before.revision().get().into(),
        after.name().as_str().into(),
        after.name().folded().into(),
        written(after.privileges()).into(),
        after.updated_at().into(),
        after.revision().get().into(),
    ];
    tx.guarded(UPDATE, &values).await?;
    if before.name() == after.name() {
        return Ok(());
    }
    let (tenant, old, new) = (tx.tenant(), before.name().as_str(), after.name().as_str());
    let now = tx.now();
    tx.execute(RENAME_GRANTS, &[tenant.into(), old.into(), new.into(), now.into()])
        .await?;
    tx.execute(RENAME_TOKENS, &[tenant.into(), old.into(), new.into()])
        .await
        .map(drop)
}

/// Removes a role.
///
/// # Errors
/// [`Error::Stale`].
pub async fn delete(tx: &mut Tx, role: &CustomRole) -> Result<(), Error> {
    let values = [tx.tenant().into(), role.id().into(), role.revision().get().into()];
    tx.guarded(DELETE, &values).await
}

fn written(privileges: PrivilegeSet) -> String {
    privileges.iter().map(Privilege::as_str).collect::<Vec<_>>().join(" ")
}

/// A privilege that this build does not know is not held: what is not granted is denied.
fn from_row(row: &Row) -> Result<CustomRole, Error> {
    let name = RoleName::new(row.text("name")?).map_err(|_| Error::inconsistent("roles.name"))?;
    let privileges = row
        .text("privileges")?
        .split(' ')
        .filter_map(Privilege::parse)
        .collect();
    let times = [row.get("created_at")?, row.get("updated_at")?];
    let revision = Revision::new(row.get("revision")?);
    Ok(CustomRole::stored(row.get("id")?, revision, name, privileges, times))
}
