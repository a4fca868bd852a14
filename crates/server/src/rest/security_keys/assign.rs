//! Gives a key to a user.

use claviger_api::Assign;
use claviger_domain::{SecurityKeyId, UserId};
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyAssign},
};

/// Assigns the key to a user.
#[utoipa::path(
    post, path = "/security-keys/{id}/assign", operation_id = "security_key_assign", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Assign,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn assign(caller: Caller<KeyAssign>, Path(id): Path<Uuid>, Json(body): Json<Assign>) -> Answer {
    let key = actions::assign(&caller, SecurityKeyId::from_uuid(id), UserId::from_uuid(body.user_id)).await?;
    caller.answer(key)
}
