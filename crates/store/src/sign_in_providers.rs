//! How a tenant signs in through OpenID Connect: one provider each. The client's secret is among the sealed secrets.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

use crate::{Error, Reader, Row, Tx};

/// A tenant's provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Whose it is.
    pub tenant: TenantId,
    /// The provider; the subject of its sealed secret.
    pub id: Uuid,
    /// What names it in addresses; tells nothing of the tenant.
    pub public_key: String,
    /// Its settings, JSON.
    pub document: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

const GET: &str = "SELECT tenant_id, id, public_key, document, created_at, updated_at, revision
    FROM sign_in_providers WHERE tenant_id = $1";
const BY_KEY: &str = "SELECT tenant_id, id, public_key, document, created_at, updated_at, revision
    FROM sign_in_providers WHERE public_key = $1";
const ALL: &str = "SELECT p.tenant_id, p.id, p.public_key, p.document, p.created_at, p.updated_at, p.revision
    FROM sign_in_providers p JOIN tenants t ON t.tenant_id = $1 AND t.id = p.tenant_id
    WHERE t.suspended_at IS NULL ORDER BY t.name_folded, p.tenant_id LIMIT $2";
const INSERT: &str = "INSERT INTO sign_in_providers
    (tenant_id, id, public_key, document, created_at, updated_at, revision) VALUES ($1, $2, $3, $4, $5, $5, 1)
    ON CONFLICT (tenant_id) DO NOTHING";
const UPDATE: &str = "UPDATE sign_in_providers SET document = $3, updated_at = $4, revision = revision + 1
    WHERE tenant_id = $1 AND revision = $2";
const DELETE: &str = "DELETE FROM sign_in_providers WHERE tenant_id = $1 AND revision = $2";

/// The tenant's provider, if it has one.
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader, tenant: TenantId) -> Result<Option<Provider>, Error> {
    let row = reader.query_opt(GET, &[tenant.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The provider that an address names, of whichever tenant.
///
/// # Errors
/// What the database meets.
pub async fn by_key(reader: &mut Reader, public_key: &str) -> Result<Option<Provider>, Error> {
    let row = reader.query_opt(BY_KEY, &[public_key.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// Providers of all tenants that are not suspended, by the tenants' names.
///
/// # Errors
/// What the database meets.
pub async fn all(reader: &mut Reader, limit: u32) -> Result<Vec<Provider>, Error> {
    let rows = reader.query(ALL, &[TenantId::SYSTEM.into(), limit.into()]).await?;
    rows.iter().map(from_row).collect()
}

/// Sets up a provider for the job's tenant, which has none.
///
/// # Errors
/// [`Error::Stale`] when it has one meanwhile.
pub async fn insert(tx: &mut Tx, id: Uuid, public_key: &str, document: &str) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        id.into(),
        public_key.into(),
        document.into(),
        tx.now().into(),
    ];
    tx.guarded(INSERT, &values).await
}

/// Exchanges the settings; `before.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`].
pub async fn save(tx: &mut Tx, before: &Provider, document: &str) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        before.revision.into(),
        document.into(),
        tx.now().into(),
    ];
    tx.guarded(UPDATE, &values).await
}

/// Takes the provider away.
///
/// # Errors
/// [`Error::Stale`].
pub async fn delete(tx: &mut Tx, before: &Provider) -> Result<(), Error> {
    tx.guarded(DELETE, &[tx.tenant().into(), before.revision.into()]).await
}

fn from_row(row: &Row) -> Result<Provider, Error> {
    Ok(Provider {
        tenant: row.get("tenant_id")?,
        id: row.get("id")?,
        public_key: row.get("public_key")?,
        document: row.get("document")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
