//! Settings of a tenant, or of the installation under the system's tenant: JSON by name, versioned.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;

use crate::{Error, Reader, Row, Tx};

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// JSON.
    pub value: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with each change; 0 stands for a setting that was never set.
    pub revision: i64,
}

const GET: &str = "SELECT name, value, updated_at, revision FROM settings WHERE tenant_id = $1 AND name = $2";
const LIST: &str = "SELECT name, value, updated_at, revision FROM settings WHERE tenant_id = $1 ORDER BY name";
const EVERYWHERE: &str = "SELECT tenant_id, value FROM settings WHERE name = $1 ORDER BY tenant_id";
const INSERT: &str = "INSERT INTO settings (tenant_id, name, value, updated_at, revision)
    VALUES ($1, $2, $3, $4, 1) ON CONFLICT (tenant_id, name) DO NOTHING";
const UPDATE: &str = "UPDATE settings SET value = $4, updated_at = $5, revision = revision + 1
    WHERE tenant_id = $1 AND name = $2 AND revision = $3";

/// The setting, if it was ever set.
///
/// # Errors
/// What the database meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, name: &str) -> Result<Option<Setting>, Error> {
    let row = reader.query_opt(GET, &[tenant.into(), name.into()]).await?;
    row.as_ref().map(from_row).transpose()
}

/// All settings by name.
///
/// # Errors
/// What the database meets.
pub async fn list(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Setting>, Error> {
    reader
        .query(LIST, &[tenant.into()])
        .await?
        .iter()
        .map(from_row)
        .collect()
}

/// The value of one setting in each tenant that has set it.
///
/// # Errors
/// What the database meets.
pub async fn everywhere(reader: &mut Reader, name: &str) -> Result<Vec<(TenantId, String)>, Error> {
    let rows = reader.query(EVERYWHERE, &[name.into()]).await?;
    let each = |row: &Row| Ok((row.get("tenant_id")?, row.get("value")?));
    rows.iter().map(each).collect()
}

/// Sets a value; `revision` is the one that was read, 0 when there was none. Answers the new revision.
///
/// # Errors
/// [`Error::Stale`].
pub async fn set(tx: &mut Tx, tenant: TenantId, name: &str, value: &str, revision: i64) -> Result<i64, Error> {
    let now = tx.now();
    if revision == 0 {
        tx.guarded(INSERT, &[tenant.into(), name.into(), value.into(), now.into()])
            .await?;
    } else {
        tx.guarded(
            UPDATE,
            &[tenant.into(), name.into(), revision.into(), value.into(), now.into()],
        )
        .await?;
    }
    Ok(revision + 1)
}

fn from_row(row: &Row) -> Result<Setting, Error> {
    Ok(Setting {
        name: row.get("name")?,
        value: row.get("value")?,
        updated_at: row.get("updated_at")?,
        revision: row.get("revision")?,
    })
}
