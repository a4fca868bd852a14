//! What befell a user: the events of his own row, and of the imports that made or changed it.

use claviger_domain::UserId;
use claviger_store::{audit::Page, users};

use crate::{
    Failure,
    actions::history::{self, History},
    auth::Caller,
    rest::guard::UserRead,
};

/// Imports that a history refers to, the newest.
const IMPORTS: u32 = 500;

/// A page of what befell a user.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn history(caller: &Caller<UserRead>, id: UserId, page: Page, limit: u32) -> Result<History, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            users::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            let mut objects = vec![id.as_uuid()];
            objects.extend(users::imports_of(reader, tenant, id, IMPORTS).await?);
            history::of(reader, tenant, &objects, page, limit).await
        })
        .await
}
