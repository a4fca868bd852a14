//! The users of a tenant, filtered, searched and paged.

use claviger_api::{Page, User};

use super::wanted::UserPage;
use crate::{
    actions::users as actions,
    auth::Caller,
    rest::{Answer, Query, guard::UserRead},
};

/// Users: searched, filtered, ordered, a page at a time.
#[utoipa::path(
    get, path = "/users", operation_id = "user_list", tag = "users",
    params(UserPage),
    responses((status = 200, body = Page<User>)),
)]
pub(super) async fn list(caller: Caller<UserRead>, Query(query): Query<UserPage>) -> Answer {
    let (wanted, limit) = (query.check()?, query.limit()?);
    let page = actions::list(&caller, wanted.filter, wanted.sort, query.cursor, limit).await?;
    caller.answer(page)
}
