//! How many users there are: from counters where they know, else counted up to a cap.

use claviger_domain::ids::TenantId;
use claviger_domain::user::UserStatus;

use super::filter::{Filter, Sort};
use super::plan::Criteria;
use crate::counters;
use crate::error::Error;
use crate::pages::{CAP, Total};
use crate::tx::Reader;

/// Beginning of the names of the counters of users.
const COUNTERS: &str = "users.status.";

/// Name of the counter of users of a status.
pub(super) fn counter(status: UserStatus) -> String {
    format!("{COUNTERS}{}", status.as_str())
}

/// How many users have this status.
///
/// # Errors
/// What the engine meets.
pub async fn by_status(reader: &mut Reader, tenant: TenantId, status: UserStatus) -> Result<u64, Error> {
    let count = counters::sum(reader, tenant, counter(status)).await?;
    u64::try_from(count).map_err(|_| Error::inconsistent(format!("counters.{} of {tenant}", counter(status))))
}

/// How many users the list has, capped unless counters know.
///
/// # Errors
/// What the engine meets.
pub async fn total(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<Total, Error> {
    let criteria = Criteria::resolve(reader, tenant, filter).await?;
    let mut count = 0;
    if criteria.words.is_none() {
        for status in UserStatus::ALL {
            if filter.status.is_none_or(|wanted| wanted == status) {
                count += by_status(reader, tenant, status).await?;
            }
        }
        return Ok(Total { count, capped: false });
    }
    let limit = i64::try_from(CAP).unwrap_or(i64::MAX).saturating_add(1);
    for stretch in criteria.stretches(Some(Sort::BY_NAME)) {
        count += u64::try_from(stretch.count(reader, &criteria, limit).await?).unwrap_or_default();
    }
    Ok(Total {
        count: count.min(CAP),
        capped: count > CAP,
    })
}
