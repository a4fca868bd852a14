//! Names of what a key refers to, in one statement.

use claviger_domain::ids::TenantId;
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::SecurityKey;

use super::page::Listed;
use crate::error::Error;
use crate::tx::Reader;
use crate::value::Value;

const NAMES: &str = "SELECT (SELECT name FROM policies WHERE tenant_id = $1 AND id = $2) AS policy_name,
    (SELECT version FROM policies WHERE tenant_id = $1 AND id = $2) AS policy_version,
    (SELECT user_name FROM users WHERE tenant_id = $1 AND id = $3) AS user_name,
    (SELECT file_name FROM batches WHERE tenant_id = $1 AND id = $4) AS file_name";

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
    let version: Option<i64> = row.get("policy_version")?;
    Ok(Listed {
        policy_name: row.get("policy_name")?,
        policy_version: version.and_then(|version| PolicyVersion::new(u32::try_from(version).ok()?)),
        user_name: row.get("user_name")?,
        file_name: row.get("file_name")?,
        key,
    })
}
