//! OTP tokens: OATH hardware that shows codes. Their seeds come in and never leave.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{BatchRef, Selection, Time, UserRef};

/// An OTP token. Neither its seed nor its counter is ever told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtpToken {
    /// Its id.
    pub id: Uuid,
    /// Its revision, for `If-Match`; rises also with every code that is tried.
    pub revision: i64,
    /// Its serial number, as it was given.
    pub serial_number: String,
    /// Whether it counts presses or has a clock.
    #[serde(rename = "type")]
    pub kind: OtpType,
    /// The hash of its codes.
    pub algorithm: OtpAlgorithm,
    /// How many digits its codes have.
    pub digits: u8,
    /// How many seconds each code of a clock is shown; absent for those that count.
    pub time_step: Option<u8>,
    /// Where it stands.
    pub status: OtpTokenStatus,
    /// Why it is compromised.
    pub reason: Option<String>,
    /// Who has it; absent also for those who may not see users.
    pub user: Option<UserRef>,
    /// Whether too many wrong codes were tried.
    pub locked: bool,
    /// Wrong codes since the last right one.
    pub failed_attempts: u32,
    /// When a code of it was last accepted.
    pub last_used_at: Option<Time>,
    /// From when on its codes are believed no more.
    pub expires_at: Option<Time>,
    /// When it came in.
    pub imported_at: Time,
    /// When anything but its use last changed.
    pub updated_at: Time,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// What the model is called.
    pub model: Option<String>,
    /// The import that brought it; absent for one that was added by hand.
    pub batch: Option<BatchRef>,
    /// The orders that it takes now and that the caller may give: `assign`, `unassign`, `disable`, `enable`, `resync`,
    /// `unlock`, `test`, `compromise`.
    pub allowed_actions: Vec<String>,
}

/// How a token makes its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OtpType {
    /// A code at each press (RFC 4226).
    Hotp,
    /// A code at each time step (RFC 6238).
    Totp,
}

/// The hash under a token's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OtpAlgorithm {
    /// HMAC-SHA-1.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// Where a token stands; who has it is another matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OtpTokenStatus {
    /// Its codes are believed.
    Active,
    /// Its codes are not believed for now.
    Disabled,
    /// Devalued for good.
    Compromised,
    /// Its time is up.
    Expired,
}

/// How many tokens stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OtpTokenCounts {
    /// All of them.
    pub total: u64,
    /// Those whose codes are believed.
    pub active: u64,
    /// Those that are disabled for now.
    pub disabled: u64,
    /// Those that are devalued for good.
    pub compromised: u64,
    /// Those whose time is up.
    pub expired: u64,
}

/// How a seed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SeedEncoding {
    /// RFC 4648 §6, in either case, with blanks or dashes or without.
    Base32,
    /// RFC 4648 §8, in either case.
    Hex,
}

/// A token added by hand: `serial_number`, `type`, `seed` and `encoding`, or `otpauth_uri`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OtpTokenDraft {
    /// Its serial number, 1 to 64 characters.
    pub serial_number: String,
    /// Whether it counts presses or has a clock.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<OtpType>,
    /// The hash of its codes; SHA-1 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<OtpAlgorithm>,
    /// How many digits its codes have, 6 to 8; 6 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<u8>,
    /// How many seconds each code of a clock is shown, 30 or 60; 30 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_step: Option<u8>,
    /// The counter of its next code, for one that counts; 0 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u64>,
    /// Its seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub seed: Option<String>,
    /// How the seed is written; it is never guessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<SeedEncoding>,
    /// All but the serial number in one line, as a QR code has it: `otpauth://totp/…?secret=…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub otpauth_uri: Option<String>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// What the model is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

impl fmt::Debug for OtpTokenDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtpTokenDraft")
            .field("serial_number", &self.serial_number)
            .finish_non_exhaustive()
    }
}

/// Devalues a token for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Compromise {
    /// Why; 1 to 200 characters.
    pub reason: String,
}

/// A command on many tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OtpBulk {
    /// The command.
    pub action: OtpBulkAction,
    /// Its arguments, as the command on one token takes them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub arguments: Option<serde_json::Value>,
    /// The tokens.
    pub selection: Selection,
}

/// A command that many tokens take at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OtpBulkAction {
    /// Assigns to one user; `{user_id}`.
    Assign,
    /// Takes back from the user.
    Unassign,
    /// Believes no more for now.
    Disable,
    /// Believes again.
    Enable,
    /// Devalues for good; `{reason}`.
    Compromise,
}

/// Finds a token's counter or clock again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Resync {
    /// The code that it showed first.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub first_otp: String,
    /// The very next one.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub second_otp: String,
}

/// A token whose counter or clock was found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Resynchronised {
    /// `true`; whatever else comes of it is a problem.
    pub resynchronised: bool,
}

/// A code that a token shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShownOtp {
    /// The code; blanks between its digits do not count.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub otp: String,
}

/// Tokens that show a code near now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundOtpTokens {
    /// The tokens, at most 10.
    pub items: Vec<OtpToken>,
    /// How many tokens were looked at.
    pub searched: u64,
    /// Whether all that can show codes were looked at.
    pub complete: bool,
}

/// Codes for a user without a token, shown once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewEmergencyCodes {
    /// The codes, each good once. They take the place of earlier ones.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub codes: Vec<String>,
    /// Until when they are good; they die sooner when the user gets a token that works.
    pub expires_at: Time,
}

/// The emergency codes of a user, without themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyCodes {
    /// Each code of the newest set.
    pub items: Vec<EmergencyCode>,
}

/// An emergency code, without itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EmergencyCode {
    /// Which of the set, from 1 on.
    pub number: i64,
    /// When it was given out.
    pub created_at: Time,
    /// Until when it is good.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
    /// Whether it may still be used.
    pub good: bool,
}
