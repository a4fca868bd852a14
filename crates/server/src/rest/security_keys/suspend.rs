//! Pauses a key.

use claviger_api::NoArguments;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeySuspend},
};

/// Pauses a key in use.
#[utoipa::path(
    post, path = "/security-keys/{id}/suspend", operation_id = "security_key_suspend", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn suspend(caller: Caller<KeySuspend>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let key = actions::suspend(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
