//! Revokes a key for good.

use claviger_api::Revoke;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyRevoke},
};

/// Ends the key for good, in this generation. Revoking twice changes nothing and says so.
#[utoipa::path(
    post, path = "/security-keys/{id}/revoke", operation_id = "security_key_revoke", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Revoke,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn revoke(caller: Caller<KeyRevoke>, Path(id): Path<Uuid>, Json(body): Json<Revoke>) -> Answer {
    let key = actions::revoke(
        &caller,
        SecurityKeyId::from_uuid(id),
        super::parse::revocation(&body, "")?,
    )
    .await?;
    caller.answer(key)
}
