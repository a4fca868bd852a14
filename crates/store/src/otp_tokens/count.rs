//! How many tokens there are: from counters where they know, else counted up to a cap.

use claviger_domain::ids::TenantId;
use claviger_domain::otp::Status;
use uuid::Uuid;

use super::filter::{Filter, Sort};
use super::plan::Criteria;
use crate::counters;
use crate::error::Error;
use crate::pages::{CAP, Total};
use crate::tx::{Reader, Tx};

/// Name of the counter of active tokens: what an import brings.
pub(crate) const ACTIVE: &str = "otp_tokens.status.active";
/// Name of the counter of disabled tokens: an import brings those that were so where they come from.
pub(crate) const DISABLED: &str = "otp_tokens.status.disabled";
/// Walks the few that are disabled, not the range.
const DISABLED_IN_RANGE: &str = "SELECT COUNT(*) AS count FROM otp_tokens
    WHERE tenant_id = $1 AND status = 'disabled' AND id >= $2 AND id <= $3";

/// Name of the counter of tokens of a status.
pub(super) fn counter(status: Status) -> String {
    format!("otp_tokens.status.{}", status.as_str())
}

/// How many tokens have this status.
///
/// # Errors
/// What the engine meets.
pub async fn by_status(reader: &mut Reader, tenant: TenantId, status: Status) -> Result<u64, Error> {
    let count = counters::sum(reader, tenant, counter(status)).await?;
    u64::try_from(count).map_err(|_| Error::inconsistent(format!("counters.{} of {tenant}", counter(status))))
}

/// How many tokens of an untouched import came in disabled.
pub(crate) async fn disabled_in_range(tx: &mut Tx, first: Uuid, last: Uuid) -> Result<i64, Error> {
    let range = [tx.tenant().as_uuid().into(), first.into(), last.into()];
    tx.query_one(DISABLED_IN_RANGE, &range).await?.get("count")
}

/// How many tokens the list has, capped unless counters know.
///
/// # Errors
/// What the engine meets.
pub async fn total(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<Total, Error> {
    let criteria = Criteria::resolve(reader, tenant, filter).await?;
    if criteria.is_counted() {
        let count = counted(reader, tenant, filter).await?;
        return Ok(Total { count, capped: false });
    }
    let limit = i64::try_from(CAP).unwrap_or(i64::MAX).saturating_add(1);
    let count = found(reader, &criteria, limit).await?;
    Ok(Total {
        count: count.min(CAP),
        capped: count > CAP,
    })
}

/// How many tokens the list has, exactly, whatever the work: for jobs that must name the number.
///
/// # Errors
/// What the engine meets.
pub async fn count_exact(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<u64, Error> {
    let criteria = Criteria::resolve(reader, tenant, filter).await?;
    if criteria.is_counted() {
        return counted(reader, tenant, filter).await;
    }
    found(reader, &criteria, i64::MAX).await
}

/// What the counters say of the statuses that are meant.
async fn counted(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<u64, Error> {
    let mut count = 0;
    for status in Status::ALL {
        if filter.statuses.is_empty() || filter.statuses.contains(&status) {
            count += by_status(reader, tenant, status).await?;
        }
    }
    Ok(count)
}

/// How many rows there are, of which at most `limit` are looked for.
async fn found(reader: &mut Reader, criteria: &Criteria, limit: i64) -> Result<u64, Error> {
    let mut count = 0;
    for stretch in criteria.stretches(Some(Sort::NEWEST)) {
        count += u64::try_from(stretch.count(reader, criteria, limit).await?).unwrap_or_default();
    }
    Ok(count)
}
