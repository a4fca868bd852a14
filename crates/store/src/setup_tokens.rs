//! One-time links: first run, invitation, recovery. Only a hash is kept, and each works once.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use uuid::Uuid;

use crate::{Error, Reader, Row, Tx};

/// A one-time link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupToken {
    /// The link's row.
    pub id: Uuid,
    /// SHA-256 of the text.
    pub token_hash: [u8; 32],
    /// `setup`, `invite`, `recover`.
    pub purpose: String,
    /// Whom it is for, when that is known.
    pub subject: Option<Uuid>,
    /// What its use needs to know, JSON.
    pub details: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

const BY_HASH: &str = "SELECT id, token_hash, purpose, subject_id, details, created_at, expires_at, used_at
    FROM setup_tokens WHERE tenant_id = $1 AND token_hash = $2 AND used_at IS NULL AND expires_at > $3";
const INSERT: &str = "INSERT INTO setup_tokens
    (tenant_id, id, token_hash, purpose, subject_id, details, created_at, expires_at, used_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const USE: &str = "UPDATE setup_tokens SET used_at = $3
    WHERE tenant_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $3";
const WITHDRAW_OF: &str = "DELETE FROM setup_tokens
    WHERE tenant_id = $1 AND purpose = $2 AND subject_id = $3 AND used_at IS NULL";
const WITHDRAW: &str = "DELETE FROM setup_tokens WHERE tenant_id = $1 AND purpose = $2 AND used_at IS NULL";

/// The link with this hash, if it still works.
///
/// # Errors
/// What the database meets.
pub async fn by_hash(reader: &mut Reader, hash: &[u8; 32], now: Timestamp) -> Result<Option<SetupToken>, Error> {
    let row = reader
        .query_opt(BY_HASH, &[TenantId::SYSTEM.into(), hash.into(), now.into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// Adds a link as given.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, token: &SetupToken) -> Result<(), Error> {
    let values = [
        TenantId::SYSTEM.into(),
        token.id.into(),
        token.token_hash.into(),
        token.purpose.as_str().into(),
        token.subject.into(),
        token.details.as_deref().into(),
        token.created_at.into(),
        token.expires_at.into(),
        token.used_at.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Uses a link up.
///
/// # Errors
/// [`Error::Stale`] when it was used or has expired since it was read.
pub async fn consume(tx: &mut Tx, token: &SetupToken) -> Result<(), Error> {
    let values = [TenantId::SYSTEM.into(), token.id.into(), tx.now().into()];
    tx.guarded(USE, &values).await
}

/// Withdraws all unused links for a purpose; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn withdraw(tx: &mut Tx, purpose: &str) -> Result<u64, Error> {
    tx.execute(WITHDRAW, &[TenantId::SYSTEM.into(), purpose.into()]).await
}

/// Withdraws the unused links that somebody was given for a purpose; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn withdraw_of(tx: &mut Tx, purpose: &str, subject: Uuid) -> Result<u64, Error> {
    let values = [TenantId::SYSTEM.into(), purpose.into(), subject.into()];
    tx.execute(WITHDRAW_OF, &values).await
}

fn from_row(row: &Row) -> Result<SetupToken, Error> {
    Ok(SetupToken {
        id: row.get("id")?,
        token_hash: row.get("token_hash")?,
        purpose: row.get("purpose")?,
        subject: row.get("subject_id")?,
        details: row.get("details")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get("used_at")?,
    })
}
