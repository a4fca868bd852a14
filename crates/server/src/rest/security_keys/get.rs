//! One key.

use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Path, guard::InventoryRead},
};

/// One key, with the further columns of its delivery.
#[utoipa::path(
    get, path = "/security-keys/{id}", operation_id = "security_key_get", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn get(caller: Caller<InventoryRead>, Path(id): Path<Uuid>) -> Answer {
    let key = actions::get(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
