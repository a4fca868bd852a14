//! Who is who at a tenant's identity provider: issuer and subject, never an address alone, name an administrator.

use claviger_domain::ids::{AdministratorId, TenantId};

use crate::{Error, Reader, Tx};

const GET: &str = "SELECT administrator_id FROM administrator_identities
    WHERE tenant_id = $1 AND issuer = $2 AND subject = $3";
const OF_ADMINISTRATOR: &str = "SELECT subject FROM administrator_identities
    WHERE tenant_id = $1 AND administrator_id = $2 ORDER BY subject LIMIT 1";
const INSERT: &str = "INSERT INTO administrator_identities
    (tenant_id, issuer, subject, administrator_id, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $5)";
const USED: &str = "UPDATE administrator_identities SET last_used_at = $4
    WHERE tenant_id = $1 AND issuer = $2 AND subject = $3";

/// The administrator behind a subject of an issuer, in that tenant.
///
/// # Errors
/// What the database meets.
pub async fn get(
    reader: &mut Reader,
    tenant: TenantId,
    issuer: &str,
    subject: &str,
) -> Result<Option<AdministratorId>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.into(), issuer.into(), subject.into()])
        .await?;
    row.map(|row| row.get("administrator_id")).transpose()
}

/// Whether an administrator is known at the tenant's provider.
///
/// # Errors
/// What the database meets.
pub async fn is_known(reader: &mut Reader, tenant: TenantId, id: AdministratorId) -> Result<bool, Error> {
    let row = reader.query_opt(OF_ADMINISTRATOR, &[tenant.into(), id.into()]).await?;
    Ok(row.is_some())
}

/// Ties a subject to an administrator in the job's tenant.
///
/// # Errors
/// [`Error::Duplicate`] when it is tied already.
pub async fn insert(tx: &mut Tx, issuer: &str, subject: &str, id: AdministratorId) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        issuer.into(),
        subject.into(),
        id.into(),
        tx.now().into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Notes a sign-in.
///
/// # Errors
/// [`Error::Stale`] when the tie is gone.
pub async fn used(tx: &mut Tx, issuer: &str, subject: &str) -> Result<(), Error> {
    let values = [tx.tenant().into(), issuer.into(), subject.into(), tx.now().into()];
    tx.guarded(USED, &values).await
}
