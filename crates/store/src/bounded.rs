//! Totals of lists that no counter knows: counted up to a cap.

use claviger_domain::ids::TenantId;

use crate::error::Error;
use crate::pages::{CAP, Total};
use crate::row::Row;
use crate::tx::Reader;

/// Reads a total with a statement that counts at most `$2` rows of the tenant `$1`.
pub(crate) async fn total(reader: &mut Reader, sql: &'static str, tenant: TenantId) -> Result<Total, Error> {
    let row = reader.query_one(sql, &[tenant.as_uuid().into(), most().into()]).await?;
    counted(&row)
}

/// How many rows are counted: one more than the cap.
pub(crate) fn most() -> i64 {
    i64::try_from(CAP).unwrap_or(i64::MAX).saturating_add(1)
}

/// The total in the column `count`.
pub(crate) fn counted(row: &Row) -> Result<Total, Error> {
    let counted = u64::try_from(row.get::<i64>("count")?).unwrap_or_default();
    Ok(Total {
        count: counted.min(CAP),
        capped: counted > CAP,
    })
}
