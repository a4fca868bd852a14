//! Policies: what a key has to be set to.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// A policy in its newest version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Policy {
    /// Its id.
    pub id: Uuid,
    /// Its revision, for `If-Match`.
    pub revision: i64,
    /// Its newest version.
    pub version: u32,
    /// What it asks for.
    #[serde(flatten)]
    pub terms: PolicyDraft,
    /// Whether a key is linked to any of its versions.
    pub in_use: bool,
    /// Whether it is put away: kept by its keys, offered to no other.
    pub archived: bool,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// What a policy asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the key, by its CTAP name"
)]
pub struct PolicyDraft {
    /// Its name, unique in the tenant.
    pub name: String,
    /// Which keys it fits.
    #[serde(rename = "type")]
    pub kind: PolicyType,
    /// Least length of the PIN, 4 to 63.
    #[serde(default = "six")]
    pub min_pin_length: u8,
    /// Whether the user must change the PIN before first use.
    #[serde(default = "yes")]
    pub force_pin_change: bool,
    /// Whether the key always verifies its user.
    #[serde(default)]
    pub always_uv: bool,
    /// RP ids that may read the minimum PIN length.
    #[serde(default)]
    pub min_pin_length_rp_ids: Vec<String>,
    /// RP ids that the key registers with and signs for; empty allows all; `enterprise` only.
    #[serde(default)]
    pub allowed_services: Vec<String>,
    /// Whether enterprise attestation is switched on.
    #[serde(default)]
    pub enterprise_attestation: bool,
    /// Which characters an initial PIN is made of.
    #[serde(default)]
    pub pin_kind: PinKind,
    /// Whether the key's user may reset it.
    #[serde(default = "yes")]
    pub reset_allowed: bool,
    /// For how many days after assignment an initial PIN can be shown.
    #[serde(default = "thirty")]
    pub initial_pin_days: u16,
}

const fn six() -> u8 {
    6
}
const fn yes() -> bool {
    true
}
const fn thirty() -> u16 {
    30
}

/// A policy to be made: what is absent has the default of [`PolicyDraft`], as the server knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewPolicy {
    /// Its name, unique in the tenant.
    pub name: String,
    /// Which keys it fits.
    #[serde(rename = "type")]
    pub kind: PolicyType,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_pin_length: Option<u8>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force_pin_change: Option<bool>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub always_uv: Option<bool>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_pin_length_rp_ids: Option<Vec<String>>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_services: Option<Vec<String>>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise_attestation: Option<bool>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_kind: Option<PinKind>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_allowed: Option<bool>,
    /// As in [`PolicyDraft`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_pin_days: Option<u16>,
}

/// Which keys a policy fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyType {
    /// Any CTAP2 key.
    Standard,
    /// Keys with admin mode only.
    Enterprise,
}

/// Which characters an initial PIN is made of.
#[derive(Default, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PinKind {
    /// Digits only.
    #[default]
    Digits,
    /// Letters and digits.
    Characters,
}

/// One version of a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyVersion {
    /// Its number, from 1.
    pub version: u32,
    /// What it asks for.
    #[serde(flatten)]
    pub terms: PolicyDraft,
    /// When it was made.
    pub created_at: Time,
}
