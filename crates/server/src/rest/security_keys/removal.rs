//! The credential of a revoked key at its identity provider.

use claviger_api::{ConfirmRemoved, NoArguments};
use claviger_domain::{SecurityKeyId, text::Note};
use uuid::Uuid;

use super::sentence;
use crate::{
    Failure,
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyRevoke},
};

/// Tries at once to have the credential removed.
#[utoipa::path(
    post, path = "/security-keys/{id}/identity-provider/retry", operation_id = "security_key_removal_retry", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = NoArguments,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn retry(
    caller: Caller<KeyRevoke>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let key = actions::retry_removal(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}

/// Notes that an operator removed the credential by hand; the note says how.
#[utoipa::path(
    post, path = "/security-keys/{id}/identity-provider/confirm-removed", operation_id = "security_key_removal_confirm", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = ConfirmRemoved,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn confirm(
    caller: Caller<KeyRevoke>,
    Path(id): Path<Uuid>,
    Json(body): Json<ConfirmRemoved>,
) -> Answer {
    let note = Note::new(&body.note).map_err(|fault| Failure::invalid("/note", sentence(&fault.to_string())))?;
    let key = actions::confirm_removed(&caller, SecurityKeyId::from_uuid(id), note).await?;
    caller.answer(key)
}
