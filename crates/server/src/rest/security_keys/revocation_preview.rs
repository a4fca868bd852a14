//! What to know before a key is revoked.

use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Path, guard::KeyRevoke},
};

/// Whether its user can be told by mail, whether it is his last key, and what else goes with it.
#[utoipa::path(
    get, path = "/security-keys/{id}/revocation-preview", operation_id = "security_key_revocation_preview", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    responses((status = 200, body = claviger_api::RevocationPreview)),
)]
pub(super) async fn revocation_preview(caller: Caller<KeyRevoke>, Path(id): Path<Uuid>) -> Answer {
    let preview = actions::preview(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(preview)
}

/// What holds before several keys are revoked, whoever has them: whether users can be told by mail, and whether they are
/// unless the order says otherwise.
#[utoipa::path(
    get, path = "/security-keys/revocation-preview", operation_id = "security_key_revocation_preview_many",
    tag = "security keys", responses((status = 200, body = claviger_api::RevocationPreview)),
)]
pub(super) async fn revocation_preview_many(caller: Caller<KeyRevoke>) -> Answer {
    let preview = actions::preview_many(&caller).await?;
    caller.answer(preview)
}
