//! Pages of tokens, and how many stand where.

use claviger_domain::{Privilege, otp::Status};
use claviger_store::{
    otp_tokens::{self, Filter, Sort},
    pages::Total,
    security_keys::Holders,
};

use super::Shown;
use crate::{Failure, auth::Caller, rest::guard::OtpRead};

/// A page of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The tokens, in the order asked for.
    pub tokens: Vec<Shown>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Where the page before begins.
    pub previous: Option<String>,
    /// How many tokens the whole list has.
    pub total: Total,
}

/// How many tokens stand where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts(Vec<(Status, u64)>);

impl Counts {
    /// Those of this status.
    #[must_use]
    pub fn of(&self, status: Status) -> u64 {
        let found = self.0.iter().find(|(one, _)| *one == status);
        found.map_or(0, |(_, count)| *count)
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// The filter as the caller may use it: who may not know who has what finds no token by its user, by id or by name.
///
/// # Errors
/// [`Failure::Lacks`] when it names a user and the caller may see none.
pub(crate) fn permitted<P>(caller: &Caller<P>, filter: Filter) -> Result<Filter, Failure> {
    if caller.identity().may(Privilege::UserRead) {
        return Ok(filter);
    }
    if filter.user.is_some() {
        return Err(Failure::Lacks(Privilege::UserRead));
    }
    Ok(Filter {
        holders: Holders::Hidden,
        ..filter
    })
}

/// A page of tokens.
///
/// # Errors
/// [`Failure::Validation`] for a cursor of another list; [`Failure::Lacks`].
pub async fn list(
    caller: &Caller<OtpRead>,
    filter: Filter,
    sort: Option<Sort>,
    cursor: Option<String>,
    limit: u16,
) -> Result<Listing, Failure> {
    let filter = permitted(caller, filter)?;
    if sort.is_some_and(|sort| sort.column == otp_tokens::Column::Holder) {
        caller.require(Privilege::UserRead)?;
    }
    let (tenant, privileges, now) = (caller.tenant(), caller.identity().privileges, caller.now());
    caller
        .read(async move |reader| {
            let page = otp_tokens::page(reader, tenant, &filter, sort, cursor.as_deref(), limit).await?;
            let total = match page.total(cursor.as_deref()) {
                Some(total) => total,
                None => otp_tokens::total(reader, tenant, &filter).await?,
            };
            let shown = |listed| Shown::listed(listed, privileges, now);
            Ok(Listing {
                tokens: page.items.into_iter().map(shown).collect(),
                next: page.next,
                previous: page.previous,
                total,
            })
        })
        .await
}

/// How many tokens stand where.
///
/// # Errors
/// What the store meets.
pub async fn counts(caller: &Caller<OtpRead>) -> Result<Counts, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let mut counts = Vec::new();
            for status in Status::ALL {
                counts.push((status, otp_tokens::by_status(reader, tenant, status).await?));
            }
            Ok(Counts(counts))
        })
        .await
}
