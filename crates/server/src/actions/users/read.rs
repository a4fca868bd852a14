//! Reading users.

use claviger_domain::{UserId, role::Standing};
use claviger_store::{
    pages::Total,
    users::{self, Filter, Listed, Sort},
};

use super::Shown;
use crate::{
    Failure,
    auth::{Caller, roles},
    rest::guard::UserRead,
};

/// A page of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The users, in the order asked for.
    pub users: Vec<Shown>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Where the page before begins.
    pub previous: Option<String>,
    /// How many users the whole list has.
    pub total: Total,
}

/// A page of users.
///
/// # Errors
/// [`Failure::Validation`] for a cursor of another list.
pub async fn list(
    caller: &Caller<UserRead>,
    filter: Filter,
    sort: Option<Sort>,
    cursor: Option<String>,
    limit: u16,
) -> Result<Listing, Failure> {
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    caller
        .read(async move |reader| {
            let page = users::page(reader, tenant, &filter, sort, cursor.as_deref(), limit).await?;
            let total = match page.total(cursor.as_deref()) {
                Some(total) => total,
                None => users::total(reader, tenant, &filter).await?,
            };
            let above = roles::above(reader, tenant, privileges).await?;
            let shown = |listed: Listed| {
                let is_above = above.contains(&listed.user.id());
                let standing = if is_above { Standing::Above } else { Standing::NotAbove };
                Shown::new(listed, privileges, standing)
            };
            Ok(Listing {
                users: page.items.into_iter().map(shown).collect(),
                next: page.next,
                previous: page.previous,
                total,
            })
        })
        .await
}

/// One user.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<UserRead>, id: UserId) -> Result<Shown, Failure> {
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    caller
        .read(async move |reader| {
            let listed = users::listed(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            let standing = roles::standing(reader, tenant, privileges, id).await?;
            Ok(Shown::new(listed, privileges, standing))
        })
        .await
}
