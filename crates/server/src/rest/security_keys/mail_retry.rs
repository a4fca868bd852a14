//! Has the mail about a revocation tried again.

use claviger_api::NoArguments;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyRevoke},
};

/// Tries the mail about the key's revocation again at once, and for another day.
#[utoipa::path(
    post, path = "/security-keys/{id}/mail/retry", operation_id = "security_key_mail_retry", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn mail_retry(
    caller: Caller<KeyRevoke>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let key = actions::retry_mail(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}
