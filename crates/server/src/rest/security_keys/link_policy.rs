//! Links a policy to a key.

use claviger_api::LinkPolicy;
use claviger_domain::{PolicyId, SecurityKeyId};
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::StockLink},
};

/// Links a policy in its newest version; the key becomes READY.
#[utoipa::path(
    post, path = "/security-keys/{id}/link-policy", operation_id = "security_key_link_policy", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = LinkPolicy,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn link_policy(
    caller: Caller<StockLink>,
    Path(id): Path<Uuid>,
    Json(body): Json<LinkPolicy>,
) -> Answer {
    let key = actions::link_policy(
        &caller,
        SecurityKeyId::from_uuid(id),
        PolicyId::from_uuid(body.policy_id),
    )
    .await?;
    caller.answer(key)
}
