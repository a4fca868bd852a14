//! Codes that a token shows: to find it again, to try it, to find out which it is.

use claviger_api::{FoundOtpTokens, OtpVerified, Resync, Resynchronised, ShownOtp};
use claviger_domain::OtpTokenId;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    actions::otp_tokens as actions,
    auth::Caller,
    rest::{
        Answer, Json, Path,
        guard::{OtpSupport, OtpWrite},
    },
};

/// Finds the token's counter or clock again from two codes in a row, at most five times a day. Wrong codes, the wrong
/// order, a gap and the same code twice are one answer.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/resync", operation_id = "otp_token_resync", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = Resync, responses((status = 200, body = Resynchronised)),
)]
pub(super) async fn resync(caller: Caller<OtpSupport>, Path(id): Path<Uuid>, Json(body): Json<Resync>) -> Answer {
    let codes = [body.first_otp, body.second_otp].map(Zeroizing::new);
    let outcome = actions::resync(&caller, OtpTokenId::from_uuid(id), codes).await?;
    caller.answer(outcome)
}

/// Tries a code of the token, which is used up as any other. Answers as a verification by serial number; nothing is kept
/// for `Idempotency-Key`.
#[utoipa::path(
    post, path = "/otp-tokens/{id}/test", operation_id = "otp_token_test", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The token")),
    request_body = ShownOtp, responses((status = 200, body = OtpVerified)),
)]
pub(super) async fn test(caller: Caller<OtpSupport>, Path(id): Path<Uuid>, Json(body): Json<ShownOtp>) -> Answer {
    let reason = actions::test(&caller, OtpTokenId::from_uuid(id), body.otp).await?;
    caller.answer(reason)
}

/// Tokens, active or disabled, that show this code near now; nothing is used up. At most 10 are told, and at most 100,000
/// are looked at.
#[utoipa::path(
    post, path = "/otp-tokens/find", operation_id = "otp_token_find", tag = "OTP tokens",
    request_body = ShownOtp, responses((status = 200, body = FoundOtpTokens)),
)]
pub(super) async fn find(caller: Caller<OtpWrite>, Json(body): Json<ShownOtp>) -> Answer {
    let found = actions::find(&caller, body.otp).await?;
    caller.answer(found)
}
