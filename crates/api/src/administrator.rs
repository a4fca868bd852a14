//! Administrators of a tenant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// An administrator, as a tenant sees him.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Administrator {
    /// His id.
    pub id: Uuid,
    /// His revision, for `If-Match`.
    pub revision: i64,
    /// The address by which he signs in.
    pub email: String,
    /// His name.
    pub display_name: String,
    /// His role in this tenant.
    pub role: String,
    /// Whether he has taken up his invitation.
    pub active: bool,
    /// Whether he is barred from signing in.
    pub disabled: bool,
    /// When he was invited.
    pub created_at: Time,
}

/// Invites an administrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdministratorDraft {
    /// The address by which he will sign in.
    pub email: String,
    /// His name.
    pub display_name: String,
    /// His role in this tenant.
    pub role: String,
}

/// Changes an administrator; absent fields stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdministratorChange {
    /// The new role in this tenant.
    #[serde(default)]
    pub role: Option<String>,
    /// Bars him from signing in, or lets him in again.
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// An invited administrator and the link that lets him in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Who was invited.
    pub administrator: Administrator,
    /// The one-time link, shown once, valid for 24 hours.
    pub link: String,
    /// When the link dies.
    pub expires_at: Time,
}
