//! Names of what a key refers to, in one statement.

use std::sync::LazyLock;

use claviger_domain::ids::{SecurityKeyId, TenantId};
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::SecurityKey;

use super::get::VISIBLE;
use super::page::Listed;
use super::row::{self, COLUMNS};
use crate::error::Error;
use crate::row::Row;
use crate::tx::Reader;
use crate::value::Value;

const NAMES: &str = "SELECT (SELECT name FROM policies WHERE tenant_id = $1 AND id = $2) AS policy_name,
    (SELECT version FROM policies WHERE tenant_id = $1 AND id = $2) AS policy_version,
    (SELECT user_name FROM users WHERE tenant_id = $1 AND id = $3) AS user_name,
    (SELECT file_name FROM batches WHERE tenant_id = $1 AND id = $4) AS file_name";

/// A key and its names together: behind [`COLUMNS`] those of [`NAMES`]. A key of an import that is going in or out is
/// not there. Asked for one by one, not joined: joined, SQLite plans the statement anew at each use.
static NAMED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS},
                (SELECT p.name FROM policies p WHERE p.tenant_id = k.tenant_id AND p.id = k.policy_id),
                (SELECT p.version FROM policies p WHERE p.tenant_id = k.tenant_id AND p.id = k.policy_id),
                (SELECT u.user_name FROM users u WHERE u.tenant_id = k.tenant_id AND u.id = k.user_id),
                (SELECT b.file_name FROM batches b WHERE b.tenant_id = k.tenant_id AND b.id = k.batch_id)
           FROM security_keys k WHERE k.tenant_id = $1 AND k.id = $2 {VISIBLE}"
    )
});
/// How many names stand at the end of [`NAMED`].
const AT_THE_END: usize = 4;

/// A key by id with the names that screens show, in one statement.
///
/// # Errors
/// What the engine meets; [`Error::Inconsistent`] when its row contradicts itself.
pub async fn get_named(reader: &mut Reader, tenant: TenantId, id: SecurityKeyId) -> Result<Option<Listed>, Error> {
    let rows = reader
        .rows(&NAMED, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    let Some(found) = rows.first() else { return Ok(None) };
    let key = row::security_key(found)?;
    let place = found.values().len().saturating_sub(AT_THE_END);
    listed(found, place, key).map(Some)
}

/// The key with the names that screens show.
///
/// # Errors
/// What the engine meets.
pub async fn named(reader: &mut Reader, tenant: TenantId, key: SecurityKey) -> Result<Listed, Error> {
    let values: [Value; 4] = [
        tenant.as_uuid().into(),
        key.policy().map(|policy| policy.id.as_uuid()).into(),
        key.holder().map(|holder| holder.user.as_uuid()).into(),
        key.batch().map(|batch| batch.as_uuid()).into(),
    ];
    let row = reader.query_one(NAMES, &values).await?;
    listed(&row, 0, key)
}

/// The names that stand in a row from this place on.
fn listed(row: &Row, place: usize, key: SecurityKey) -> Result<Listed, Error> {
    let version: Option<i64> = row.get(place + 1)?;
    Ok(Listed {
        policy_name: row.get(place)?,
        policy_version: version.and_then(|version| PolicyVersion::new(u32::try_from(version).ok()?)),
        user_name: row.get(place + 2)?,
        file_name: row.get(place + 3)?,
        key,
    })
}
