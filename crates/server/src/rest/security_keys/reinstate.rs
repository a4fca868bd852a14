//! Brings a revoked key back.

use claviger_api::{Reinstate, ReinstateInto};
use claviger_domain::{ApprovalId, SecurityKeyId};
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyReinstate},
};

/// Brings a revoked key, whose reset was proven, back in a new generation; the old one stays revoked in its history.
#[utoipa::path(
    post, path = "/security-keys/{id}/reinstate", operation_id = "security_key_reinstate", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Reinstate,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn reinstate(
    caller: Caller<KeyReinstate>,
    Path(id): Path<Uuid>,
    Json(body): Json<Reinstate>,
) -> Answer {
    let ReinstateInto::InStock = body.into;
    let approval = body.approval_id.map(ApprovalId::from_uuid);
    let key = actions::reinstate(&caller, SecurityKeyId::from_uuid(id), approval).await?;
    caller.answer(key)
}
