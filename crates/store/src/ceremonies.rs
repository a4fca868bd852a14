//! What was begun in a browser and is ended once, on whichever server: passkey ceremonies, sign-in at a provider.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use crate::{Error, Reader, Row, Tx};

/// Something begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceremony {
    /// SHA-256 of what the browser has to bring back.
    pub key_hash: [u8; 32],
    /// What it is.
    pub kind: String,
    /// What its end needs to know, JSON; no secret.
    pub body: String,
    /// Until when it may be ended.
    pub expires_at: Timestamp,
}

const GET: &str = "SELECT key_hash, kind, body, expires_at FROM ceremonies
    WHERE tenant_id = $1 AND key_hash = $2 AND kind = $3 AND expires_at > $4";
const INSERT: &str = "INSERT INTO ceremonies (tenant_id, key_hash, kind, body, expires_at) VALUES ($1, $2, $3, $4, $5)";
const DELETE: &str = "DELETE FROM ceremonies WHERE tenant_id = $1 AND key_hash = $2";
const EXPIRED: &str = "DELETE FROM ceremonies WHERE tenant_id = $1 AND expires_at <= $2";

/// Keeps something begun.
///
/// # Errors
/// What the database meets.
pub async fn insert(tx: &mut Tx, one: &Ceremony) -> Result<(), Error> {
    let values = [
        TenantId::SYSTEM.into(),
        one.key_hash.into(),
        one.kind.as_str().into(),
        one.body.as_str().into(),
        one.expires_at.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Takes it out: whatever becomes of it, it is not there a second time. `None` when it is unknown, taken or over.
///
/// # Errors
/// What the database meets.
pub async fn take(tx: &mut Tx, kind: &str, key_hash: [u8; 32]) -> Result<Option<Ceremony>, Error> {
    let now = tx.now();
    let found = get(tx, kind, key_hash, now).await?;
    let removed = tx.execute(DELETE, &[TenantId::SYSTEM.into(), key_hash.into()]).await?;
    // Another server may have taken it between the two statements.
    Ok(found.filter(|_| removed == 1))
}

/// Removes what was never ended; answers how many.
///
/// # Errors
/// What the database meets.
pub async fn delete_expired(tx: &mut Tx) -> Result<u64, Error> {
    let now = tx.now();
    tx.execute(EXPIRED, &[TenantId::SYSTEM.into(), now.into()]).await
}

async fn get(reader: &mut Reader, kind: &str, key_hash: [u8; 32], now: Timestamp) -> Result<Option<Ceremony>, Error> {
    let values = [TenantId::SYSTEM.into(), key_hash.into(), kind.into(), now.into()];
    let row = reader.query_opt(GET, &values).await?;
    row.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<Ceremony, Error> {
    Ok(Ceremony {
        key_hash: row.get("key_hash")?,
        kind: row.get("kind")?,
        body: row.get("body")?,
        expires_at: row.get("expires_at")?,
    })
}
