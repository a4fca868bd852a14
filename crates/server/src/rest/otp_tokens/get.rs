//! One token.

use claviger_domain::OtpTokenId;
use uuid::Uuid;

use crate::{
    actions::otp_tokens as actions,
    auth::Caller,
    rest::{Answer, Path, guard::OtpRead},
};

/// One token. Neither its seed nor its counter is told.
#[utoipa::path(
    get, path = "/otp-tokens/{id}", operation_id = "otp_token_get", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    responses((status = 200, body = claviger_api::OtpToken)),
)]
pub(super) async fn get(caller: Caller<OtpRead>, Path(id): Path<Uuid>) -> Answer {
    let token = actions::get(&caller, OtpTokenId::from_uuid(id)).await?;
    caller.answer(token)
}
