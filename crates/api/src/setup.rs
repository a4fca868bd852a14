//! First run.

use serde::{Deserialize, Serialize};

use crate::{PasskeyRegistration, Time};

/// Whether the server waits for its first administrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupState {
    /// True until the first administrator exists.
    pub needed: bool,
}

/// Asks what a one-time link is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetupLinkQuestion {
    /// The secret of the one-time link.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub setup_token: String,
}

/// What a one-time link that works is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupLink {
    /// True for the link of first run, which makes the first tenant; false for an invitation.
    pub first_run: bool,
    /// The address that was invited.
    pub email: Option<String>,
    /// The name of whoever was invited.
    pub display_name: Option<String>,
    /// Until when it works.
    pub expires_at: Time,
}

/// Makes the first tenant and its Owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The secret of the one-time link.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub setup_token: String,
    /// Name of the first tenant; left out for an invitation.
    #[serde(default)]
    pub tenant_name: Option<String>,
    /// Address by which the administrator signs in.
    pub email: String,
    /// His name.
    pub display_name: String,
    /// His language, a BCP 47 tag.
    #[serde(default)]
    pub locale: Option<String>,
    /// A password of at least 12 characters; may be left out when a passkey is sent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: Option<String>,
    /// A passkey whose ceremony began at `/setup/passkey`.
    #[serde(default)]
    pub passkey: Option<PasskeyRegistration>,
}

/// Begins a passkey registration for the first administrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetupPasskey {
    /// The secret of the one-time link.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub setup_token: String,
    /// Address by which the administrator will sign in.
    pub email: String,
    /// His name.
    pub display_name: String,
}
