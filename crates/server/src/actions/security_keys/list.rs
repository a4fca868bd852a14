//! Pages of keys, and how many stand where.

use std::collections::BTreeSet;

use claviger_domain::{
    Privilege,
    role::Standing,
    security_key::{Status, Tab},
};
use claviger_store::{
    pages::{ListError, Total},
    security_keys::{self, Filter, Holders, Listed, Shelf, Sort},
};

use super::Shown;
use crate::{
    Failure,
    auth::{Caller, roles},
    rest::guard::InventoryRead,
};

/// A page of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The keys, in the order asked for.
    pub keys: Vec<Shown>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Where the page before begins.
    pub previous: Option<String>,
    /// How many keys the whole list has.
    pub total: Total,
}

/// How many keys stand on each shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts(Vec<(Shelf, u64)>);

impl Counts {
    /// Those of this status on this tab.
    #[must_use]
    pub fn of(&self, tab: Tab, status: Status) -> u64 {
        self.sum(|shelf| shelf.tab() == tab && shelf.status == status)
    }

    /// All of this tab.
    #[must_use]
    pub fn total(&self, tab: Tab) -> u64 {
        self.sum(|shelf| shelf.tab() == tab)
    }

    fn sum(&self, wanted: impl Fn(Shelf) -> bool) -> u64 {
        self.0
            .iter()
            .filter(|(shelf, _)| wanted(*shelf))
            .map(|(_, count)| count)
            .sum()
    }
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Cursor => Self::invalid("?cursor", error.to_string()),
            ListError::Store(error) => error.into(),
        }
    }
}

/// The filter as the caller may use it: who may not know who holds what finds no key by a holder, by id or by name.
///
/// # Errors
/// [`Failure::Lacks`] when it names a holder and the caller may see none.
pub(crate) fn permitted<P>(caller: &Caller<P>, filter: Filter) -> Result<Filter, Failure> {
    if caller.identity().may(Privilege::UserRead) {
        return Ok(filter);
    }
    if filter.is_about_users() {
        return Err(Failure::Lacks(Privilege::UserRead));
    }
    Ok(Filter {
        holders: Holders::Hidden,
        ..filter
    })
}

/// A page of keys.
///
/// # Errors
/// [`Failure::Validation`] for a cursor of another list.
pub async fn list(
    caller: &Caller<InventoryRead>,
    filter: Filter,
    sort: Option<Sort>,
    cursor: Option<String>,
    limit: u16,
) -> Result<Listing, Failure> {
    let filter = permitted(caller, filter)?;
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    caller
        .read(async move |reader| {
            let page = security_keys::page(reader, tenant, &filter, sort, cursor.as_deref(), limit).await?;
            let total = match page.total(cursor.as_deref()) {
                Some(total) => total,
                None => security_keys::total(reader, tenant, &filter).await?,
            };
            let above = if page.items.iter().any(|listed| listed.key.holder().is_some()) {
                roles::above(reader, tenant, privileges).await?
            } else {
                BTreeSet::new()
            };
            let shown = |listed: Listed| {
                let held_above = listed.key.holder().is_some_and(|holder| above.contains(&holder.user));
                let standing = if held_above {
                    Standing::Above
                } else {
                    Standing::NotAbove
                };
                Shown::listed(listed, privileges, standing)
            };
            Ok(Listing {
                keys: page.items.into_iter().map(shown).collect(),
                next: page.next,
                previous: page.previous,
                total,
            })
        })
        .await
}

/// How many keys stand where.
///
/// # Errors
/// What the store meets.
pub async fn counts(caller: &Caller<InventoryRead>) -> Result<Counts, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| Ok(Counts(security_keys::by_shelf(reader, tenant).await?)))
        .await
}
