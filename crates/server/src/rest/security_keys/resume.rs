//! Ends the pause of a key.

use claviger_api::NoArguments;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeySuspend},
};

/// Ends the pause of a key.
#[utoipa::path(
    post, path = "/security-keys/{id}/resume", operation_id = "security_key_resume", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn resume(caller: Caller<KeySuspend>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let key = actions::resume(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
