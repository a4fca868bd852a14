//! What workstations saw on a key.

use claviger_api::Observations;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::Observe},
};

/// Notes what a workstation saw in one look at the key; what is left out stays as it was.
#[utoipa::path(
    post, path = "/security-keys/{id}/observations", operation_id = "security_key_observe", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Observations,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn observe(caller: Caller<Observe>, Path(id): Path<Uuid>, Json(body): Json<Observations>) -> Answer {
    let key = actions::observe(&caller, SecurityKeyId::from_uuid(id), body.observations).await?;
    caller.answer(key)
}
