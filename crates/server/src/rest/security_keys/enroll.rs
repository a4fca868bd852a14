//! Notes a credential.

use claviger_api::Enroll;
use claviger_domain::{SecurityKeyId, text::ProviderName};
use uuid::Uuid;

use crate::{
    Failure,
    actions::security_keys::{self as actions, sentence},
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyEnroll},
};

/// Notes that a credential was registered for the key's user and confirmed.
#[utoipa::path(
    post, path = "/security-keys/{id}/enroll", operation_id = "security_key_enroll", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = Enroll,
    responses((status = 200, body = claviger_api::SecurityKey)),
)]
pub(super) async fn enroll(caller: Caller<KeyEnroll>, Path(id): Path<Uuid>, Json(body): Json<Enroll>) -> Answer {
    let provider = body.identity_provider.as_deref().map(ProviderName::new).transpose();
    let provider = provider.map_err(|error| Failure::invalid("/identity_provider", sentence(&error.to_string())))?;
    let key = actions::enroll(&caller, SecurityKeyId::from_uuid(id), provider).await?;
    caller.answer(key)
}
