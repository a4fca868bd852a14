//! Unlinks the policy of a key.

use claviger_api::NoArguments;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::StockLink},
};

/// Unlinks the policy; the key becomes IN STOCK.
#[utoipa::path(
    post, path = "/security-keys/{id}/unlink-policy", operation_id = "security_key_unlink_policy", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn unlink_policy(caller: Caller<StockLink>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let key = actions::unlink_policy(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
