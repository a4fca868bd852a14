//! Totals: from counters where they know, else counted up to a cap with bounded work.

use claviger_domain::ids::TenantId;

use super::criteria::Criteria;
use super::filter::{Filter, Sort};
use super::plan::plan;
use super::shelf::{COUNTERS, Shelf};
use crate::counters;
use crate::error::Error;
use crate::pages::{CAP, Total};
use crate::tx::Reader;

/// How many rows of one index are looked at for a total.
const BUDGET: i64 = 20_000;

/// How many keys are on each shelf that has any, in the order of a key's life.
///
/// # Errors
/// What the engine meets.
pub async fn by_shelf(reader: &mut Reader, tenant: TenantId) -> Result<Vec<(Shelf, u64)>, Error> {
    let counts = counters::by_prefix(reader, tenant, COUNTERS).await?;
    counts
        .into_iter()
        .filter(|(_, count)| *count != 0)
        .map(|(name, count)| {
            let shelf = name.parse().ok().and_then(Shelf::from_code);
            let bad = || Error::inconsistent(format!("counters.{COUNTERS}{name} of {tenant}"));
            Ok((shelf.ok_or_else(bad)?, u64::try_from(count).map_err(|_| bad())?))
        })
        .collect()
}

/// How many keys the list has, capped unless counters know.
///
/// # Errors
/// What the engine meets.
pub async fn total(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<Total, Error> {
    let mut criteria = Criteria::resolve(reader, tenant, filter).await?;
    if criteria.is_shelves_only() {
        let counts = by_shelf(reader, tenant).await?;
        let meant = counts
            .iter()
            .filter(|(shelf, _)| criteria.shelves.contains(&shelf.code()));
        return Ok(Total {
            count: meant.map(|(_, count)| count).sum(),
            capped: false,
        });
    }
    let mut total = Total {
        count: 0,
        capped: false,
    };
    for segment in plan(reader, &mut criteria, None).await? {
        let loose = segment.arms.iter().any(|arm| segment.is_loose(&criteria, arm));
        let budget = if loose {
            BUDGET
        } else {
            i64::try_from(CAP).unwrap_or(BUDGET) + 1
        };
        for (seen, found) in segment.count(reader, &criteria, Some(budget)).await? {
            total.count += u64::try_from(found).unwrap_or_default();
            total.capped |= loose && seen >= budget;
        }
        if total.count > CAP {
            return Ok(Total {
                count: CAP,
                capped: true,
            });
        }
    }
    Ok(total)
}

/// How many keys the list has, exactly, whatever the work: for jobs that must name the number.
///
/// # Errors
/// What the engine meets.
pub async fn count_exact(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<u64, Error> {
    let mut criteria = Criteria::resolve(reader, tenant, filter).await?;
    let mut count = 0;
    for segment in plan(reader, &mut criteria, Some(Sort::NEWEST)).await? {
        for (_, found) in segment.count(reader, &criteria, None).await? {
            count += u64::try_from(found).unwrap_or_default();
        }
    }
    Ok(count)
}
