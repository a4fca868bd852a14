//! Passkeys with which administrators sign in.

use claviger_domain::Timestamp;
use claviger_domain::ids::{AdministratorId, PasskeyId, TenantId};

use crate::{Error, Reader, Row, Tx, Value};

/// A registered passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The passkey.
    pub id: PasskeyId,
    /// Whose it is.
    pub administrator: AdministratorId,
    /// The credential's id, unique.
    pub credential_id: Vec<u8>,
    /// The name its owner gave.
    pub name: String,
    /// The credential as the WebAuthn library stores it, JSON: public key, counter, flags.
    pub credential: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Grows with each change.
    pub revision: i64,
}

const OF_ADMINISTRATOR: &str = "SELECT id, administrator_id, credential_id, name, credential, created_at,
    last_used_at, revision FROM passkeys WHERE tenant_id = $1 AND administrator_id = $2 ORDER BY id";
const BY_CREDENTIAL: &str = "SELECT id, administrator_id, credential_id, name, credential, created_at,
    last_used_at, revision FROM passkeys WHERE tenant_id = $1 AND credential_id = $2";
const INSERT: &str = "INSERT INTO passkeys (tenant_id, id, administrator_id, credential_id, name, credential,
    created_at, last_used_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const USED: &str = "UPDATE passkeys SET credential = $4, last_used_at = $5, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const DELETE: &str = "DELETE FROM passkeys WHERE tenant_id = $1 AND administrator_id = $2 AND id = $3";

/// The passkeys of an administrator, oldest first.
///
/// # Errors
/// What the database meets.
pub async fn of_administrator(reader: &mut Reader, id: AdministratorId) -> Result<Vec<Passkey>, Error> {
    let rows = reader
        .query(OF_ADMINISTRATOR, &[TenantId::SYSTEM.into(), id.into()])
        .await?;
    rows.iter().map(from_row).collect()
}

/// The passkey with this credential id.
///
/// # Errors
/// What the database meets.
pub async fn by_credential(reader: &mut Reader, credential_id: &[u8]) -> Result<Option<Passkey>, Error> {
    let row = reader
        .query_opt(BY_CREDENTIAL, &[TenantId::SYSTEM.into(), credential_id.into()])
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// Adds a passkey as given.
///
/// # Errors
/// [`Error::Duplicate`] when the credential is registered already.
pub async fn insert(tx: &mut Tx, passkey: &Passkey) -> Result<(), Error> {
    let values: [Value; 9] = [
        TenantId::SYSTEM.into(),
        passkey.id.into(),
        passkey.administrator.into(),
        passkey.credential_id.as_slice().into(),
        passkey.name.as_str().into(),
        passkey.credential.as_str().into(),
        passkey.created_at.into(),
        passkey.last_used_at.into(),
        passkey.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Keeps the credential as it is after a use: its counter is guarded by the revision that was read, so
/// that two uses of one counter cannot both pass.
///
/// # Errors
/// [`Error::Stale`].
pub async fn used(tx: &mut Tx, passkey: &Passkey, credential: &str) -> Result<(), Error> {
    let values = [
        TenantId::SYSTEM.into(),
        passkey.id.into(),
        passkey.revision.into(),
        credential.into(),
        tx.now().into(),
    ];
    tx.guarded(USED, &values).await
}

/// Takes a passkey from its administrator.
///
/// # Errors
/// [`Error::Stale`] when the administrator has none such.
pub async fn delete(tx: &mut Tx, administrator: AdministratorId, id: PasskeyId) -> Result<(), Error> {
    tx.guarded(DELETE, &[TenantId::SYSTEM.into(), administrator.into(), id.into()])
        .await
}

fn from_row(row: &Row) -> Result<Passkey, Error> {
    Ok(Passkey {
        id: row.get("id")?,
        administrator: row.get("administrator_id")?,
        credential_id: row.get("credential_id")?,
        name: row.get("name")?,
        credential: row.get("credential")?,
        created_at: row.get("created_at")?,
        last_used_at: row.get("last_used_at")?,
        revision: row.get("revision")?,
    })
}
