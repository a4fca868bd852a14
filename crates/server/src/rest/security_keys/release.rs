//! Brings a key back from quarantine.

use claviger_api::Release;
use claviger_domain::SecurityKeyId;
use uuid::Uuid;

use crate::{
    actions::security_keys as actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::StockLink},
};

/// Puts a quarantined key back in stock.
#[utoipa::path(
    post, path = "/security-keys/{id}/release", operation_id = "security_key_release", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Release,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn release(caller: Caller<StockLink>, Path(id): Path<Uuid>, Json(body): Json<Release>) -> Answer {
    let key = actions::release(
        &caller,
        SecurityKeyId::from_uuid(id),
        super::parse::optional_reason(body.reason.as_deref(), "")?,
    )
    .await?;
    caller.answer(key)
}
