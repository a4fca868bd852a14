//! Puts a key aside, with a reason.

use claviger_api::Quarantine;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::StockLink},
};

/// Puts a key of the stock aside, with a reason.
#[utoipa::path(
    post, path = "/security-keys/{id}/quarantine", operation_id = "security_key_quarantine", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Quarantine,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn quarantine(
    caller: Caller<StockLink>,
    Path(id): Path<Uuid>,
    Json(body): Json<Quarantine>,
) -> Answer {
    let key = actions::quarantine(
        &caller,
        SecurityKeyId::from_uuid(id),
        super::parse::reason(&body.reason, "")?,
    )
    .await?;
    caller.answer(key)
}
