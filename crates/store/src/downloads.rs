//! Files for administrators to fetch, in chunks, so that every server on the database has them.
//! A file is in no list until all of it has arrived, and in none once its removal began.

use claviger_domain::Timestamp;
use claviger_domain::ids::{DownloadId, TenantId};

use uuid::Uuid;

use crate::{Error, Reader, Row, Tx, bounded, pages::Total};

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// The file.
    pub id: DownloadId,
    /// `windows`, `macos`, `linux`.
    pub system: String,
    /// What it is, such as `workstation`.
    pub kind: String,
    /// Under which name it is saved.
    pub file_name: String,
    /// Its version.
    pub version: String,
    /// How to deploy it.
    pub notes: Option<String>,
    /// Bytes.
    pub size: i64,
    /// Chunks.
    pub chunks: i64,
    /// SHA-256 of the whole, once it has arrived.
    pub sha256: Option<[u8; 32]>,
    /// When its upload began.
    pub created_at: Timestamp,
    /// Who uploaded it, by name.
    pub created_by: String,
    /// Grows with each change.
    pub revision: i64,
}

const LIST: &str = "SELECT id, system, kind, file_name, version, notes, size, chunks, sha256, created_at, created_by,
    revision FROM downloads WHERE tenant_id = $1 AND id < $2 AND status = 'ready' ORDER BY id DESC LIMIT $3";
const COUNT: &str = "SELECT count(*) AS count FROM (SELECT 1 AS one FROM downloads
    WHERE tenant_id = $1 AND status = 'ready' LIMIT $2) AS counted";
const BYTES: &str = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM downloads
    WHERE tenant_id = $1 AND status = 'ready'";
const GET: &str = "SELECT id, system, kind, file_name, version, notes, size, chunks, sha256, created_at, created_by,
    revision FROM downloads WHERE tenant_id = $1 AND id = $2 AND status = 'ready'";
const LEFT_BEHIND: &str = "SELECT tenant_id, id FROM downloads
    WHERE status IN ('uploading', 'removing') AND updated_at < $1 ORDER BY updated_at LIMIT 20";
const INSERT: &str = "INSERT INTO downloads (tenant_id, id, status, system, kind, file_name, version, notes, size,
    chunks, sha256, created_at, created_by, updated_at, revision)
    VALUES ($1, $2, 'uploading', $3, $4, $5, $6, $7, 0, 0, NULL, $8, $9, $8, 1)";
const CHUNK: &str = "SELECT body FROM download_chunks WHERE tenant_id = $1 AND download_id = $2 AND number = $3";
const PUT_CHUNK: &str = "INSERT INTO download_chunks (tenant_id, download_id, number, body) VALUES ($1, $2, $3, $4)";
const TOUCH: &str = "UPDATE downloads SET updated_at = $3 WHERE tenant_id = $1 AND id = $2 AND status = 'uploading'";
const FINISH: &str = "UPDATE downloads SET status = 'ready', size = $3, chunks = $4, sha256 = $5, updated_at = $6,
    revision = revision + 1 WHERE tenant_id = $1 AND id = $2 AND status = 'uploading'";
const HIDE: &str = "UPDATE downloads SET status = 'removing', updated_at = $4, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND status = 'ready'";
const GIVE_UP: &str =
    "UPDATE downloads SET status = 'removing' WHERE tenant_id = $1 AND id = $2 AND status = 'uploading'";
const CLEAR: &str = "DELETE FROM download_chunks WHERE tenant_id = $1 AND download_id = $2 AND number IN (
        SELECT number FROM download_chunks WHERE tenant_id = $1 AND download_id = $2 ORDER BY number LIMIT 64)
    AND EXISTS (SELECT 1 FROM downloads WHERE tenant_id = $1 AND id = $2 AND status = 'removing')";
const DELETE: &str = "DELETE FROM downloads WHERE tenant_id = $1 AND id = $2 AND status = 'removing'";

/// A tenant's files, newest first, behind the one named `after`.
///
/// # Errors
/// What the database meets.
pub async fn list(
    reader: &mut Reader,
    tenant: TenantId,
    after: Option<DownloadId>,
    limit: u32,
) -> Result<Vec<Download>, Error> {
    let before = after.map_or(Uuid::max(), |id| id.as_uuid());
    let rows = reader
        .query(LIST, &[tenant.into(), before.into(), limit.into()])
        .await?;
    rows.iter().map(from_row).collect()
}

/// How many files there are, counted up to a cap.
///
/// # Errors
/// What the database meets.
pub async fn total(reader: &mut Reader, tenant: TenantId) -> Result<Total, Error> {
    bounded::total(reader, COUNT, tenant).await
}

/// Bytes of all files that a tenant has whole.
///
/// # Errors
/// What the database meets.
pub async fn bytes(reader: &mut Reader, tenant: TenantId) -> Result<u64, Error> {
    let row = reader.query_one(BYTES, &[tenant.into()]).await?;
    Ok(u64::try_from(row.get::<i64>("bytes")?).unwrap_or_default())
}

/// The file, if the tenant has it whole.
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: DownloadId) -> Result<Option<Download>, Error> {
    let row = reader.query_opt(GET, &[tenant.into(), id.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// A chunk of a file, counted from 0.
///
/// # Errors
/// What the database meets.
pub async fn chunk(
    reader: &mut Reader,
    tenant: TenantId,
    id: DownloadId,
    number: i64,
) -> Result<Option<Vec<u8>>, Error> {
    let row = reader
        .query_opt(CHUNK, &[tenant.into(), id.into(), number.into()])
        .await?;
    row.map(|row| row.get("body")).transpose()
}

/// Files of all tenants that nobody waits for: uploads that broke off before `since`, removals that did.
///
/// # Errors
/// What the database meets.
pub async fn left_behind(reader: &mut Reader, since: Timestamp) -> Result<Vec<(TenantId, DownloadId)>, Error> {
    let rows = reader.query(LEFT_BEHIND, &[since.into()]).await?;
    rows.iter()
        .map(|row| Ok((row.get("tenant_id")?, row.get("id")?)))
        .collect()
}

/// Begins an upload in the job's tenant.
///
/// # Errors
/// What the database meets.
pub async fn begin(tx: &mut Tx, one: &Download) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        one.id.into(),
        one.system.as_str().into(),
        one.kind.as_str().into(),
        one.file_name.as_str().into(),
        one.version.as_str().into(),
        one.notes.as_deref().into(),
        one.created_at.into(),
        one.created_by.as_str().into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Puts a chunk down.
///
/// # Errors
/// [`Error::Stale`] when the upload was given up meanwhile.
pub async fn put_chunk(tx: &mut Tx, id: DownloadId, number: i64, body: &[u8]) -> Result<(), Error> {
    let (tenant, now) = (tx.tenant(), tx.now());
    tx.guarded(TOUCH, &[tenant.into(), id.into(), now.into()]).await?;
    let values = [tenant.into(), id.into(), number.into(), body.into()];
    tx.execute(PUT_CHUNK, &values).await.map(drop)
}

/// Shows a file that has arrived whole.
///
/// # Errors
/// [`Error::Stale`] when the upload was given up meanwhile.
pub async fn finish(tx: &mut Tx, id: DownloadId, size: i64, chunks: i64, sha256: [u8; 32]) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        id.into(),
        size.into(),
        chunks.into(),
        sha256.into(),
        tx.now().into(),
    ];
    tx.guarded(FINISH, &values).await
}

/// Takes a file out of the list; [`clear`] removes it piece by piece.
///
/// # Errors
/// [`Error::Stale`].
pub async fn hide(tx: &mut Tx, one: &Download) -> Result<(), Error> {
    let values = [tx.tenant().into(), one.id.into(), one.revision.into(), tx.now().into()];
    tx.guarded(HIDE, &values).await
}

/// Removes a piece of a file that is in no list, and the file with its last piece; answers whether all is gone.
/// Removing half a gigabyte at once would hold up everybody else.
/// A file that is shown stays whole: an upload that was taken for left behind may end before its removal begins.
///
/// # Errors
/// What the database meets.
pub async fn clear(tx: &mut Tx, id: DownloadId) -> Result<bool, Error> {
    let values = [tx.tenant().into(), id.into()];
    tx.execute(GIVE_UP, &values).await?;
    if tx.execute(CLEAR, &values).await? > 0 {
        return Ok(false);
    }
    tx.execute(DELETE, &values).await?;
    Ok(true)
}

fn from_row(row: &Row) -> Result<Download, Error> {
    Ok(Download {
        id: row.get("id")?,
        system: row.get("system")?,
        kind: row.get("kind")?,
        file_name: row.get("file_name")?,
        version: row.get("version")?,
        notes: row.get("notes")?,
        size: row.get("size")?,
        chunks: row.get("chunks")?,
        sha256: row.get("sha256")?,
        created_at: row.get("created_at")?,
        created_by: row.get("created_by")?,
        revision: row.get("revision")?,
    })
}
