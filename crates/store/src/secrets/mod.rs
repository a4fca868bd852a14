//! Sealed secrets: bytes that only a data key opens. What they mean the store does not know.

pub mod data_keys;

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

use crate::{Error, Reader, Row, Tx};

/// A sealed secret of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedSecret {
    /// The secret's row, part of what the seal covers.
    pub id: Uuid,
    /// What it is, one of each kind per object.
    pub kind: String,
    /// The object.
    pub subject: Uuid,
    /// Version of the data key.
    pub key_version: i64,
    /// Nonce, ciphertext and tag.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last sealed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

const GET: &str = "SELECT id, kind, subject_id, key_version, sealed, created_at, updated_at, revision
    FROM sealed_secrets WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3";
const UNDER_KEY: &str = "SELECT id, kind, subject_id, key_version, sealed, created_at, updated_at, revision
    FROM sealed_secrets WHERE tenant_id = $1 AND key_version = $2 ORDER BY id LIMIT $3";
const COUNTS: &str = "SELECT kind, count(*) AS secrets FROM sealed_secrets GROUP BY kind ORDER BY kind";
const INSERT: &str = "INSERT INTO sealed_secrets
    (tenant_id, id, kind, subject_id, key_version, sealed, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const UPDATE: &str = "UPDATE sealed_secrets SET key_version = $4, sealed = $5, updated_at = $6,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const DELETE: &str = "DELETE FROM sealed_secrets WHERE tenant_id = $1 AND id = $2 AND revision = $3";

/// The secret of an object, if it has one of the kind.
///
/// # Errors
/// What the database meets.
pub async fn get(
    reader: &mut Reader,
    tenant: TenantId,
    kind: &str,
    subject: Uuid,
) -> Result<Option<SealedSecret>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.into(), kind.into(), subject.into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// Some secrets that a version of the data key seals: rotation asks until there are none.
///
/// # Errors
/// What the database meets.
pub async fn under_key(
    reader: &mut Reader,
    tenant: TenantId,
    version: i64,
    limit: i64,
) -> Result<Vec<SealedSecret>, Error> {
    let rows = reader
        .query(UNDER_KEY, &[tenant.into(), version.into(), limit.into()])
        .await?;
    rows.iter().map(from_row).collect()
}

/// How many secrets the whole installation keeps, kind by kind.
///
/// # Errors
/// What the database meets.
pub async fn count_by_kind(reader: &mut Reader) -> Result<Vec<(String, i64)>, Error> {
    let rows = reader.query(COUNTS, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.get("kind")?, row.get("secrets")?)))
        .collect()
}

/// Adds a secret to the job's tenant, as given.
///
/// # Errors
/// [`Error::Duplicate`] when the object has one of the kind.
pub async fn insert(tx: &mut Tx, secret: &SealedSecret) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        secret.id.into(),
        secret.kind.as_str().into(),
        secret.subject.into(),
        secret.key_version.into(),
        secret.sealed.as_slice().into(),
        secret.created_at.into(),
        secret.updated_at.into(),
        secret.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Exchanges the sealed bytes; `secret.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`].
pub async fn reseal(tx: &mut Tx, secret: &SealedSecret, key_version: i64, sealed: &[u8]) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        secret.id.into(),
        secret.revision.into(),
        key_version.into(),
        sealed.into(),
        tx.now().into(),
    ];
    tx.guarded(UPDATE, &values).await
}

/// Removes a secret.
///
/// # Errors
/// [`Error::Stale`].
pub async fn delete(tx: &mut Tx, secret: &SealedSecret) -> Result<(), Error> {
    let values = [tx.tenant().into(), secret.id.into(), secret.revision.into()];
    tx.guarded(DELETE, &values).await
}

fn from_row(row: &Row) -> Result<SealedSecret, Error> {
    Ok(SealedSecret {
        id: row.get("id")?,
        kind: row.get("kind")?,
        subject: row.get("subject_id")?,
        key_version: row.get("key_version")?,
        sealed: row.get("sealed")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
