//! API tokens of a tenant; only their SHA-256 is kept.

use claviger_domain::Timestamp;
use claviger_domain::ids::{AdministratorId, ApiTokenId, TenantId};

use crate::bounded::{counted, most};
use crate::pages::Total;
use crate::{Error, Reader, Row, Tx};

/// A token for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// The token's row.
    pub id: ApiTokenId,
    /// The name it was given.
    pub name: String,
    /// The role's name.
    pub role: String,
    /// SHA-256 of the text.
    pub token_hash: [u8; 32],
    /// Who made it, by name.
    pub created_by: String,
    /// And by id, where it is known.
    pub created_by_id: Option<AdministratorId>,
    /// When.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Last use, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Grows with each change.
    pub revision: i64,
}

const BY_HASH: &str = "SELECT id, name, role, token_hash, created_by, created_at, expires_at, last_used_at,
    revoked_at, revision, created_by_id FROM api_tokens WHERE tenant_id = $1 AND token_hash = $2";
const GET: &str = "SELECT id, name, role, token_hash, created_by, created_at, expires_at, last_used_at,
    revoked_at, revision, created_by_id FROM api_tokens WHERE tenant_id = $1 AND id = $2";
const LIST: &str = "SELECT id, name, role, token_hash, created_by, created_at, expires_at, last_used_at,
    revoked_at, revision, created_by_id FROM api_tokens WHERE tenant_id = $1 ORDER BY id DESC";
/// Of who may not act in the tenant any more.
const ORPHANED: &str = "SELECT COUNT(*) AS count FROM (SELECT 1 FROM api_tokens t WHERE t.tenant_id = $1
    AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) AND t.created_by_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM administrator_grants g WHERE g.tenant_id = t.tenant_id
    AND g.administrator_id = t.created_by_id AND g.disabled_at IS NULL) LIMIT $3) counted";
const INSERT: &str = "INSERT INTO api_tokens (tenant_id, id, name, role, token_hash, created_by, created_at,
    expires_at, last_used_at, revoked_at, revision, created_by_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const REVOKE: &str = "UPDATE api_tokens SET revoked_at = $4, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3 AND revoked_at IS NULL";
const USED: &str = "UPDATE api_tokens SET last_used_at = $3 WHERE tenant_id = $1 AND id = $2";

/// The token with this hash, expired and revoked ones too.
///
/// # Errors
/// What the database meets.
pub async fn by_hash(reader: &mut Reader, tenant: TenantId, hash: &[u8; 32]) -> Result<Option<ApiToken>, Error> {
    let row = reader.query_opt(BY_HASH, &[tenant.into(), hash.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The token, if the tenant has it.
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: ApiTokenId) -> Result<Option<ApiToken>, Error> {
    let row = reader.query_opt(GET, &[tenant.into(), id.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// All tokens of a tenant, newest first.
///
/// # Errors
/// What the database meets.
pub async fn list(reader: &mut Reader, tenant: TenantId) -> Result<Vec<ApiToken>, Error> {
    reader
        .query(LIST, &[tenant.into()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// How many tokens are left of those who may not act in the tenant any more.
///
/// # Errors
/// What the database meets.
pub async fn orphaned(reader: &mut Reader, tenant: TenantId, now: Timestamp) -> Result<Total, Error> {
    let values = [tenant.into(), now.into(), most().into()];
    counted(&reader.query_one(ORPHANED, &values).await?)
}

/// Adds a token to the job's tenant, as given.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, token: &ApiToken) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        token.id.into(),
        token.name.as_str().into(),
        token.role.as_str().into(),
        token.token_hash.into(),
        token.created_by.as_str().into(),
        token.created_at.into(),
        token.expires_at.into(),
        token.last_used_at.into(),
        token.revoked_at.into(),
        token.revision.into(),
        token.created_by_id.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Ends a token for good; `token.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`], also when it is revoked already.
pub async fn revoke(tx: &mut Tx, token: &ApiToken) -> Result<(), Error> {
    let values = [
        tx.tenant().into(),
        token.id.into(),
        token.revision.into(),
        tx.now().into(),
    ];
    tx.guarded(REVOKE, &values).await
}

/// Notes a use. No revision: it changes no fact that anyone edits.
///
/// # Errors
/// What the database meets.
pub async fn used(tx: &mut Tx, id: ApiTokenId) -> Result<(), Error> {
    let values = [tx.tenant().into(), id.into(), tx.now().into()];
    tx.execute(USED, &values).await.map(drop)
}

fn from_row(row: &Row) -> Result<ApiToken, Error> {
    Ok(ApiToken {
        id: row.get("id")?,
        name: row.get("name")?,
        role: row.get("role")?,
        token_hash: row.get("token_hash")?,
        created_by: row.get("created_by")?,
        created_by_id: row.get("created_by_id")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        last_used_at: row.get("last_used_at")?,
        revoked_at: row.get("revoked_at")?,
        revision: row.get("revision")?,
    })
}
