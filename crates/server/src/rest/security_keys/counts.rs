//! How many keys there are, by status.

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, guard::InventoryRead},
};

/// How many keys stand where.
#[utoipa::path(
    get, path = "/security-keys/counts", operation_id = "security_key_counts", tag = "security keys",
    responses((status = 200, body = claviger_api::SecurityKeyCounts)),
)]
pub(super) async fn counts(caller: Caller<InventoryRead>) -> Answer {
    let counts = actions::counts(&caller).await?;
    caller.answer(counts)
}
