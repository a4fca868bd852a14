//! Codes that login systems ask about.

use serde::{Deserialize, Serialize};

/// A one-time password to be tried. Either `user` or `serial_number` is given.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OtpVerification {
    /// The name of the user who typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The serial number of the token that showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// What was typed.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub otp: String,
}

impl std::fmt::Debug for OtpVerification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtpVerification")
            .field("user", &self.user)
            .field("serial_number", &self.serial_number)
            .finish_non_exhaustive()
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtpVerified {
    /// Whether it is right; it is used up then.
    pub accepted: bool,
    /// Why.
    pub reason: OtpVerificationReason,
}

/// Why a one-time password was accepted or not. By user it is `ok` or `rejected`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OtpVerificationReason {
    /// It is right.
    Ok,
    /// It is not.
    Rejected,
    /// It is the token's own but far from where the token was last: two codes in a row find it again.
    ResyncRequired,
    /// Too many wrong codes were tried; an operator unlocks the token.
    Locked,
}
