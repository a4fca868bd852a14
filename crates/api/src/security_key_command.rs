//! Bodies of the commands that a security key takes.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A command that needs no argument: `{}` or no body at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NoArguments {}

/// Links a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkPolicy {
    /// The policy, in its newest version.
    pub policy_id: Uuid,
}

/// Assigns to a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assign {
    /// The user.
    pub user_id: Uuid,
}

/// Puts a key aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Quarantine {
    /// Why; 1 to 200 characters.
    pub reason: String,
}

/// Puts a quarantined key back in stock.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Why; up to 200 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Ends a key for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Why.
    pub reason: RevocationReason,
    /// A remark; up to 2,000 characters.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether its user is told by mail; the tenant's setting when left out.
    #[serde(default)]
    pub notify: Option<bool>,
}

/// Says that a credential is gone at the identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmRemoved {
    /// How it was removed and by whom; up to 2,000 characters.
    pub note: String,
}

/// Why a key is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    /// Nobody knows where it is.
    Lost,
    /// Somebody took it.
    Stolen,
    /// Its secrets are known to somebody else.
    Compromised,
    /// Its user has left.
    Leaver,
    /// It is broken.
    Damaged,
    /// Something else; the note says what.
    Other,
}
