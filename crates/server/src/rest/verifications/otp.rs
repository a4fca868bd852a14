//! Whether a one-time password is right.

use claviger_api::{OtpVerification, OtpVerificationReason, OtpVerified};
use claviger_domain::SerialNumber;
use claviger_store::otp_tokens::Sought;

use crate::{
    Failure,
    actions::verifications::{self, Reason},
    auth::Caller,
    rest::{Answer, Json, guard::OtpVerify, reply::Reply},
};

impl Reply for Reason {
    type Body = OtpVerified;

    fn body(&self) -> Option<OtpVerified> {
        let reason = match self {
            Self::Ok => OtpVerificationReason::Ok,
            Self::Rejected => OtpVerificationReason::Rejected,
            Self::ResyncRequired => OtpVerificationReason::ResyncRequired,
            Self::Locked => OtpVerificationReason::Locked,
        };
        let accepted = *self == Self::Ok;
        Some(OtpVerified { accepted, reason })
    }
}

/// Tries a one-time password on the token with this serial number, or on all active tokens and emergency codes of the
/// user. A right one is used up: sent again it is rejected, so that nothing is kept for `Idempotency-Key`. Whether a user
/// is unknown, has no token or typed a wrong code is not told.
#[utoipa::path(
    post, path = "/verifications/otp", operation_id = "otp_verify", tag = "verifications",
    request_body = OtpVerification, responses((status = 200, body = OtpVerified)),
)]
pub(super) async fn verify(caller: Caller<OtpVerify>, Json(asked): Json<OtpVerification>) -> Answer {
    let OtpVerification {
        user,
        serial_number,
        otp,
    } = asked;
    let reason = verifications::verify(&caller, sought(user, serial_number)?, otp).await?;
    caller.answer(reason)
}

/// What cannot be the name of anything is looked for all the same, and is not found.
fn sought(user: Option<String>, serial_number: Option<String>) -> Result<Sought, Failure> {
    match (user, serial_number) {
        (Some(user), None) => Ok(Sought::User(user.trim().to_owned())),
        (None, Some(serial)) => SerialNumber::new(&serial)
            .map(Sought::Serial)
            .map_err(|error| Failure::invalid("/serial_number", error.to_string())),
        (Some(_), Some(_)) => Err(Failure::invalid(
            "/serial_number",
            "Give the user or the serial number, not both.",
        )),
        (None, None) => Err(Failure::invalid(
            "/user",
            "Give the user, or the serial number of the token.",
        )),
    }
}
