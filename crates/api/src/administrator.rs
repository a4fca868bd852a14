//! Administrators of a tenant.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{SignInMethod, Time, UserRef};

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
    /// Whether he is barred from this tenant.
    pub disabled: bool,
    /// The user of this tenant who is the same person.
    pub user: Option<UserRef>,
    /// Whether he is known at the tenant's identity provider.
    pub linked: bool,
    /// When he last signed in.
    pub last_sign_in_at: Option<Time>,
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
    /// Bars him from the tenant, or lets him in again.
    #[serde(default)]
    pub disabled: Option<bool>,
    /// The user who is the same person; `null` unties.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Uuid>))]
    pub user_id: Option<Option<Uuid>>,
}

/// A field that is there, be it `null`.
#[expect(clippy::option_option, reason = "left out, `null` and a value are three things")]
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Uuid>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A session of an administrator in this tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdministratorSession {
    /// Its id.
    pub id: Uuid,
    /// How it began.
    pub method: SignInMethod,
    /// Where it began.
    pub address: Option<String>,
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to the minute.
    pub last_seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
}

/// An invited administrator and the link that lets him in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// Who was invited.
    pub administrator: Administrator,
    /// The one-time link, shown once, valid for 24 hours.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub link: String,
    /// When the link dies.
    pub expires_at: Time,
}
