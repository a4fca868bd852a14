//! Administrators: people who work in the console. They stand under the system's tenant; what they may do
//! where stands in [`grants`].

pub mod grants;
pub mod identities;

use claviger_domain::Timestamp;
use claviger_domain::ids::{AdministratorId, TenantId};

use crate::{Error, Reader, Row, Tx, Value};

/// Somebody who works in the console.
#[derive(Clone, PartialEq, Eq)]
pub struct Administrator {
    /// The administrator.
    pub id: AdministratorId,
    /// Address, unique whatever the case.
    pub email: String,
    /// The name to show.
    pub display_name: String,
    /// `en`, `cs`, `de`.
    pub locale: Option<String>,
    /// Argon2id hash as a PHC string; absent when only passkeys are used.
    pub password_hash: Option<String>,
    /// Since when no sign-in is allowed.
    pub disabled_at: Option<Timestamp>,
    /// Last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change.
    pub revision: i64,
}

impl std::fmt::Debug for Administrator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Administrator")
            .field("id", &self.id)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

const GET: &str = "SELECT id, email, display_name, locale, password_hash, disabled_at, last_sign_in_at,
    created_at, updated_at, revision FROM administrators WHERE tenant_id = $1 AND id = $2";
const BY_EMAIL: &str = "SELECT id, email, display_name, locale, password_hash, disabled_at, last_sign_in_at,
    created_at, updated_at, revision FROM administrators WHERE tenant_id = $1 AND email_folded = $2";
const LIST: &str = "SELECT id, email, display_name, locale, password_hash, disabled_at, last_sign_in_at,
    created_at, updated_at, revision FROM administrators WHERE tenant_id = $1 ORDER BY email_folded";
const ANY: &str = "SELECT id FROM administrators WHERE tenant_id = $1 LIMIT 1";
const INSERT: &str = "INSERT INTO administrators (tenant_id, id, email, email_folded, display_name, locale,
    password_hash, disabled_at, last_sign_in_at, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const UPDATE: &str = "UPDATE administrators SET email = $4, email_folded = $5, display_name = $6, locale = $7,
    password_hash = $8, disabled_at = $9, updated_at = $10, revision = revision + 1
    WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const SIGNED_IN: &str = "UPDATE administrators SET last_sign_in_at = $3 WHERE tenant_id = $1 AND id = $2";

/// The administrator, if there is one.
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader, id: AdministratorId) -> Result<Option<Administrator>, Error> {
    one(reader, GET, id.into()).await
}

/// The administrator with this address, whatever its case.
///
/// # Errors
/// What the database meets.
pub async fn by_email(reader: &mut Reader, email: &str) -> Result<Option<Administrator>, Error> {
    one(reader, BY_EMAIL, folded(email).into()).await
}

/// All administrators by address.
///
/// # Errors
/// What the database meets.
pub async fn list(reader: &mut Reader) -> Result<Vec<Administrator>, Error> {
    let rows = reader.query(LIST, &[TenantId::SYSTEM.into()]).await?;
    rows.iter().map(from_row).collect()
}

/// Whether there is any: before, only first-run setup is possible.
///
/// # Errors
/// What the database meets.
pub async fn any(reader: &mut Reader) -> Result<bool, Error> {
    Ok(reader.query_opt(ANY, &[TenantId::SYSTEM.into()]).await?.is_some())
}

/// Adds an administrator as given.
///
/// # Errors
/// [`Error::Duplicate`] when the address is taken.
pub async fn insert(tx: &mut Tx, one: &Administrator) -> Result<(), Error> {
    let values = [
        TenantId::SYSTEM.into(),
        one.id.into(),
        one.email.as_str().into(),
        folded(&one.email).into(),
        one.display_name.as_str().into(),
        one.locale.as_deref().into(),
        one.password_hash.as_deref().into(),
        one.disabled_at.into(),
        one.last_sign_in_at.into(),
        one.created_at.into(),
        one.updated_at.into(),
        one.revision.into(),
    ];
    tx.execute(INSERT, &values).await.map(drop)
}

/// Saves address, names, password and whether disabled; `one.revision` is the one that was read.
///
/// # Errors
/// [`Error::Stale`], [`Error::Duplicate`].
pub async fn save(tx: &mut Tx, one: &Administrator) -> Result<Administrator, Error> {
    let now = tx.now();
    let values = [
        TenantId::SYSTEM.into(),
        one.id.into(),
        one.revision.into(),
        one.email.as_str().into(),
        folded(&one.email).into(),
        one.display_name.as_str().into(),
        one.locale.as_deref().into(),
        one.password_hash.as_deref().into(),
        one.disabled_at.into(),
        now.into(),
    ];
    tx.guarded(UPDATE, &values).await?;
    Ok(Administrator {
        updated_at: now,
        revision: one.revision + 1,
        ..one.clone()
    })
}

/// Notes a sign-in. It changes no fact that anyone edits, so it takes no revision.
///
/// # Errors
/// [`Error::Stale`] when the administrator is gone.
pub async fn signed_in(tx: &mut Tx, id: AdministratorId) -> Result<(), Error> {
    let values = [TenantId::SYSTEM.into(), id.into(), tx.now().into()];
    tx.guarded(SIGNED_IN, &values).await
}

async fn one(reader: &mut Reader, sql: &'static str, key: Value) -> Result<Option<Administrator>, Error> {
    let row = reader.query_opt(sql, &[TenantId::SYSTEM.into(), key]).await?;
    row.as_ref().map(from_row).transpose()
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

fn from_row(row: &Row) -> Result<Administrator, Error> {
    Ok(Administrator {
        id: row.get("id")?,
        email: row.get("email")?,
        display_name: row.get("display_name")?,
        locale: row.get("locale")?,
        password_hash: row.get("password_hash")?,
        disabled_at: row.get("disabled_at")?,
        last_sign_in_at: row.get("last_sign_in_at")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
