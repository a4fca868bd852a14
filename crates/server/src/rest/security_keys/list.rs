//! The keys of a tenant, filtered, searched and paged.

use claviger_api::{Page, SecurityKey};

use super::wanted::KeyPage;
use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Query, guard::InventoryRead},
};

/// Keys: searched, filtered, ordered, a page at a time.
#[utoipa::path(
    get, path = "/security-keys", operation_id = "security_key_list", tag = "security keys",
    params(KeyPage),
    responses((status = 200, body = Page<SecurityKey>)),
)]
pub(super) async fn list(caller: Caller<InventoryRead>, Query(query): Query<KeyPage>) -> Answer {
    let (wanted, limit) = (query.check()?, query.limit()?);
    let page = actions::list(&caller, wanted.filter, wanted.sort, query.cursor, limit).await?;
    caller.answer(page)
}
