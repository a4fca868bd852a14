//! Data keys of a tenant by version, wrapped by a key-encryption key that is kept elsewhere.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use crate::{Error, Reader, Row, Tx};

/// A wrapped data key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataKey {
    /// Counts up from 1 within the tenant.
    pub version: i64,
    /// Which key-encryption key wraps it.
    pub kek_id: String,
    /// The wrapped bytes.
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it seals nothing new.
    pub retired_at: Option<Timestamp>,
    /// Grows with each change.
    pub revision: i64,
}

const LIST: &str = "SELECT version, kek_id, wrapped, created_at, retired_at, revision
    FROM data_keys WHERE tenant_id = $1 ORDER BY version";
const ALL: &str = "SELECT tenant_id, version, kek_id, wrapped, created_at, retired_at, revision
    FROM data_keys ORDER BY tenant_id, version";
const INSERT: &str = "INSERT INTO data_keys
    (tenant_id, version, kek_id, wrapped, created_at, retired_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const REWRAP: &str = "UPDATE data_keys SET kek_id = $4, wrapped = $5, revision = revision + 1
    WHERE tenant_id = $1 AND version = $2 AND revision = $3";
const RETIRE: &str = "UPDATE data_keys SET retired_at = $4, revision = revision + 1
    WHERE tenant_id = $1 AND version = $2 AND revision = $3";
const DELETE: &str = "DELETE FROM data_keys WHERE tenant_id = $1 AND version = $2 AND revision = $3";

/// The keys of a tenant, oldest first.
///
/// # Errors
/// What the database meets.
pub async fn list(reader: &mut Reader, tenant: TenantId) -> Result<Vec<DataKey>, Error> {
    reader
        .query(LIST, &[tenant.into()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// The keys of all tenants: what a change of the key-encryption key has to wrap anew.
///
/// # Errors
/// What the database meets.
pub async fn all(reader: &mut Reader) -> Result<Vec<(TenantId, DataKey)>, Error> {
    let rows = reader.query(ALL, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.get("tenant_id")?, from_row(row)?)))
        .collect()
}

/// Adds a key as given.
///
/// # Errors
/// [`Error::Duplicate`] when the version exists.
pub async fn insert(tx: &mut Tx, tenant: TenantId, key: &DataKey) -> Result<(), Error> {
    let values = [
        tenant.into(),
        key.version.into(),
        key.kek_id.as_str().into(),
        key.wrapped.as_slice().into(),
        key.created_at.into(),
        key.retired_at.into(),
        key.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Exchanges the wrapping; `key.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`].
pub async fn rewrap(tx: &mut Tx, tenant: TenantId, key: &DataKey, kek_id: &str, wrapped: &[u8]) -> Result<(), Error> {
    let values = [
        tenant.into(),
        key.version.into(),
        key.revision.into(),
        kek_id.into(),
        wrapped.into(),
    ];
    tx.guarded(REWRAP, &values).await
}

/// Lets a key seal nothing new.
///
/// # Errors
/// [`Error::Stale`].
pub async fn retire(tx: &mut Tx, tenant: TenantId, key: &DataKey) -> Result<(), Error> {
    let values = [tenant.into(), key.version.into(), key.revision.into(), tx.now().into()];
    tx.guarded(RETIRE, &values).await
}

/// Removes a key that seals nothing any more.
///
/// # Errors
/// [`Error::Stale`]; what the database refuses while a secret names it.
pub async fn delete(tx: &mut Tx, tenant: TenantId, key: &DataKey) -> Result<(), Error> {
    let values = [tenant.into(), key.version.into(), key.revision.into()];
    tx.guarded(DELETE, &values).await
}

fn from_row(row: &Row) -> Result<DataKey, Error> {
    Ok(DataKey {
        version: row.get("version")?,
        kek_id: row.get("kek_id")?,
        wrapped: row.get("wrapped")?,
        created_at: row.get("created_at")?,
        retired_at: row.get("retired_at")?,
        revision: row.get("revision")?,
    })
}
