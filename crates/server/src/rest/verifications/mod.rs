//! `/verifications`: codes that login systems ask about.

mod otp;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::guard::{OtpVerify, guarded};
use crate::App;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded::<OtpVerify>(routes!(otp::verify)))
}
