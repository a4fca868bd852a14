//! Settings of a tenant.

use serde::{Deserialize, Serialize};

/// Settings of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    /// Their revision, for `If-Match`.
    pub revision: i64,
    /// Language of new administrators and of mail, a BCP 47 tag.
    pub locale: String,
    /// Whether *Send email notification* is on when the revoke window opens.
    pub revoke_notifies: bool,
}

/// Changes settings; absent fields stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// See [`Settings::locale`].
    #[serde(default)]
    pub locale: Option<String>,
    /// See [`Settings::revoke_notifies`].
    #[serde(default)]
    pub revoke_notifies: Option<bool>,
}
