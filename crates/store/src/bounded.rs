//! Totals of lists that no counter knows: counted up to a cap.

use claviger_domain::ids::TenantId;

use crate::error::Error;
use crate::security_keys::{CAP, Total};
use crate::tx::Reader;

/// Reads a total with a statement that counts at most `$2` rows of the tenant `$1`.
pub(crate) async fn total(reader: &mut Reader, sql: &'static str, tenant: TenantId) -> Result<Total, Error> {
    let most = i64::try_from(CAP).unwrap_or(i64::MAX).saturating_add(1);
    let row = reader.query_one(sql, &[tenant.as_uuid().into(), most.into()]).await?;
    let counted = u64::try_from(row.get::<i64>("count")?).unwrap_or_default();
    Ok(Total {
        count: counted.min(CAP),
        capped: counted > CAP,
    })
}
