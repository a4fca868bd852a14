//! Orders to one token.

use claviger_api::{Assign, Compromise, NoArguments, OtpToken};
use claviger_domain::{OtpTokenId, UserId};
use uuid::Uuid;

use crate::{
    actions::otp_tokens as actions,
    auth::Caller,
    rest::{
        Answer, Json, Path,
        guard::{OtpSupport, OtpWrite},
        security_keys::parse,
    },
};

/// Gives the token to a user. Its failures are forgotten, its counter is not; a disabled one stays disabled. Emergency
/// codes of the user end when he gets one that works.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/assign", operation_id = "otp_token_assign", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = Assign, responses((status = 200, body = OtpToken)),
)]
pub(super) async fn assign(caller: Caller<OtpWrite>, Path(id): Path<Uuid>, Json(body): Json<Assign>) -> Answer {
    let user = UserId::from_uuid(body.user_id);
    let token = actions::assign(&caller, OtpTokenId::from_uuid(id), user).await?;
    caller.answer(token)
}

/// Takes the token back from its user. It stays active and ready for another.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/unassign", operation_id = "otp_token_unassign", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = NoArguments, responses((status = 200, body = OtpToken)),
)]
pub(super) async fn unassign(
    caller: Caller<OtpWrite>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let token = actions::unassign(&caller, OtpTokenId::from_uuid(id)).await?;
    caller.answer(token)
}

/// Believes the token's codes no more for now. A user's last active token is not disabled.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/disable", operation_id = "otp_token_disable", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = NoArguments, responses((status = 200, body = OtpToken)),
)]
pub(super) async fn disable(
    caller: Caller<OtpSupport>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let token = actions::disable(&caller, OtpTokenId::from_uuid(id)).await?;
    caller.answer(token)
}

/// Believes the token's codes again.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/enable", operation_id = "otp_token_enable", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = NoArguments, responses((status = 200, body = OtpToken)),
)]
pub(super) async fn enable(
    caller: Caller<OtpSupport>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let token = actions::enable(&caller, OtpTokenId::from_uuid(id)).await?;
    caller.answer(token)
}

/// Devalues the token for good. Nothing leads back; its seed is shredded in time.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/compromise", operation_id = "otp_token_compromise", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = Compromise, responses((status = 200, body = OtpToken)),
)]
pub(super) async fn compromise(caller: Caller<OtpWrite>, Path(id): Path<Uuid>, Json(body): Json<Compromise>) -> Answer {
    let reason = parse::reason(&body.reason, "")?;
    let token = actions::compromise(&caller, OtpTokenId::from_uuid(id), reason).await?;
    caller.answer(token)
}

/// Lets codes be tried again after too many wrong ones.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/unlock", operation_id = "otp_token_unlock", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = NoArguments, responses((status = 200, body = OtpToken)),
)]
pub(super) async fn unlock(
    caller: Caller<OtpSupport>,
    Path(id): Path<Uuid>,
    Json(NoArguments {}): Json<NoArguments>,
) -> Answer {
    let token = actions::unlock(&caller, OtpTokenId::from_uuid(id)).await?;
    caller.answer(token)
}
