//! Takes a key from its user.

use claviger_api::NoArguments;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyAssign},
};

/// Takes the key back from its user; only while no credential is registered.
#[utoipa::path(
    post, path = "/security-keys/{id}/unassign", operation_id = "security_key_unassign", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn unassign(caller: Caller<KeyAssign>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let key = actions::unassign(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
