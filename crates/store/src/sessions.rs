//! Sessions of administrators; only a hash of the cookie is kept.

use claviger_domain::Timestamp;
use claviger_domain::ids::{AdministratorId, SessionId, TenantId};

use crate::{Error, Reader, Row, Tx, Value};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub administrator: AdministratorId,
    /// SHA-256 of the cookie's value.
    pub cookie_hash: [u8; 32],
    /// The tenant that the administrator works in.
    pub tenant: TenantId,
    /// `password`, `passkey` or `oidc`.
    pub method: String,
    /// Address at sign-in.
    pub source: Option<String>,
    /// Browser at sign-in.
    pub user_agent: Option<String>,
    /// When the administrator last proved who he is: at sign-in or when asked again.
    pub authenticated_at: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// Last request, to the minute or so.
    pub last_seen_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

const BY_COOKIE: &str = "SELECT id, administrator_id, cookie_hash, active_tenant_id, method, source, user_agent,
    authenticated_at, created_at, last_seen_at, expires_at, revision
    FROM sessions WHERE tenant_id = $1 AND cookie_hash = $2 AND expires_at > $3";
const OF_ADMINISTRATOR: &str = "SELECT id, administrator_id, cookie_hash, active_tenant_id, method, source,
    user_agent, authenticated_at, created_at, last_seen_at, expires_at, revision
    FROM sessions WHERE tenant_id = $1 AND administrator_id = $2 AND expires_at > $3 ORDER BY id DESC";
const IN_TENANT: &str = "SELECT id, administrator_id, cookie_hash, active_tenant_id, method, source,
    user_agent, authenticated_at, created_at, last_seen_at, expires_at, revision
    FROM sessions WHERE tenant_id = $1 AND administrator_id = $2 AND active_tenant_id = $3 AND expires_at > $4
    ORDER BY id DESC";
const INSERT: &str = "INSERT INTO sessions (tenant_id, id, administrator_id, cookie_hash, active_tenant_id, method,
    source, user_agent, authenticated_at, created_at, last_seen_at, expires_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
const UPDATE: &str = "UPDATE sessions SET cookie_hash = $4, active_tenant_id = $5, method = $6,
    authenticated_at = $7, last_seen_at = $8, expires_at = $9, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const SEEN: &str = "UPDATE sessions SET last_seen_at = $3, expires_at = $4
    WHERE tenant_id = $1 AND id = $2 AND last_seen_at < $3";
const DELETE: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND administrator_id = $2 AND id = $3";
const DELETE_OTHERS: &str = "DELETE FROM sessions
    WHERE tenant_id = $1 AND administrator_id = $2 AND ($3::uuid IS NULL OR id <> $3)";
const DELETE_IN_TENANT: &str = "DELETE FROM sessions
    WHERE tenant_id = $1 AND administrator_id = $2 AND active_tenant_id = $3";
const EXPIRED: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND expires_at <= $2";

/// The session with this cookie, unless it has expired.
///
/// # Errors
/// What the database meets.
pub async fn by_cookie(reader: &mut Reader, hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>, Error> {
    let row = reader
        .query_opt(BY_COOKIE, &[TenantId::SYSTEM.into(), hash.into(), now.into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// The sessions of an administrator that have not expired, newest first.
///
/// # Errors
/// What the database meets.
pub async fn of_administrator(reader: &mut Reader, id: AdministratorId, now: Timestamp) -> Result<Vec<Session>, Error> {
    let rows = reader
        .query(OF_ADMINISTRATOR, &[TenantId::SYSTEM.into(), id.into(), now.into()])
        .await?;
    rows.iter().map(from_row).collect()
}

/// Those of them that work in a tenant.
///
/// # Errors
/// What the database meets.
pub async fn in_tenant(
    reader: &mut Reader,
    id: AdministratorId,
    tenant: TenantId,
    now: Timestamp,
) -> Result<Vec<Session>, Error> {
    let values = [TenantId::SYSTEM.into(), id.into(), tenant.into(), now.into()];
    let rows = reader.query(IN_TENANT, &values).await?;
    rows.iter().map(from_row).collect()
}

/// Adds a session as given.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<(), Error> {
    let values: [Value; 13] = [
        TenantId::SYSTEM.into(),
        session.id.into(),
        session.administrator.into(),
        session.cookie_hash.into(),
        session.tenant.into(),
        session.method.as_str().into(),
        session.source.as_deref().into(),
        session.user_agent.as_deref().into(),
        session.authenticated_at.into(),
        session.created_at.into(),
        session.last_seen_at.into(),
        session.expires_at.into(),
        session.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Saves cookie, tenant, method and times; `session.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`].
pub async fn save(tx: &mut Tx, session: &Session) -> Result<Session, Error> {
    let values = [
        TenantId::SYSTEM.into(),
        session.id.into(),
        session.revision.into(),
        session.cookie_hash.into(),
        session.tenant.into(),
        session.method.as_str().into(),
        session.authenticated_at.into(),
        session.last_seen_at.into(),
        session.expires_at.into(),
    ];
    tx.guarded(UPDATE, &values).await?;
    Ok(Session {
        revision: session.revision + 1,
        ..session.clone()
    })
}

/// Notes a request and moves the end. No revision: it changes no fact that anyone edits.
///
/// # Errors
/// What the database meets; a session that is gone is no error.
pub async fn seen(tx: &mut Tx, id: SessionId, expires_at: Timestamp) -> Result<(), Error> {
    let values = [TenantId::SYSTEM.into(), id.into(), tx.now().into(), expires_at.into()];
    tx.execute(SEEN, &values).await.map(drop)
}

/// Ends a session of an administrator.
///
/// # Errors
/// [`Error::Stale`] when the administrator has none such.
pub async fn delete(tx: &mut Tx, administrator: AdministratorId, id: SessionId) -> Result<(), Error> {
    tx.guarded(DELETE, &[TenantId::SYSTEM.into(), administrator.into(), id.into()])
        .await
}

/// Ends all sessions of an administrator but this one, after a change of password; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn delete_others(tx: &mut Tx, administrator: AdministratorId, but: Option<SessionId>) -> Result<u64, Error> {
    tx.execute(
        DELETE_OTHERS,
        &[TenantId::SYSTEM.into(), administrator.into(), but.into()],
    )
    .await
}

/// Ends the sessions of an administrator that work in a tenant; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn delete_in_tenant(tx: &mut Tx, administrator: AdministratorId, tenant: TenantId) -> Result<u64, Error> {
    let values = [TenantId::SYSTEM.into(), administrator.into(), tenant.into()];
    tx.execute(DELETE_IN_TENANT, &values).await
}

/// Removes sessions that have expired; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn delete_expired(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(EXPIRED, &[TenantId::SYSTEM.into(), now.into()]).await
}

fn from_row(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        id: row.get("id")?,
        administrator: row.get("administrator_id")?,
        cookie_hash: row.get("cookie_hash")?,
        tenant: row.get("active_tenant_id")?,
        method: row.get("method")?,
        source: row.get("source")?,
        user_agent: row.get("user_agent")?,
        authenticated_at: row.get("authenticated_at")?,
        created_at: row.get("created_at")?,
        last_seen_at: row.get("last_seen_at")?,
        expires_at: row.get("expires_at")?,
        revision: row.get("revision")?,
    })
}
