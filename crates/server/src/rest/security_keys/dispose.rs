//! Marks a key as destroyed and shreds its secrets.

use claviger_api::NoArguments;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyDispose},
};

/// Notes that the key is destroyed or wiped; its secrets are shredded.
#[utoipa::path(
    post, path = "/security-keys/{id}/dispose", operation_id = "security_key_dispose", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn dispose(caller: Caller<KeyDispose>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let key = actions::dispose(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
