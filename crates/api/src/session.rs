//! Who is signed in, and signing in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{CeremonyAnswer, Time};

/// A session: who is signed in, where, and what may be done there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Who is signed in.
    pub administrator: SessionAdministrator,
    /// The tenant worked in.
    pub tenant: SessionTenant,
    /// Every tenant that this administrator has a role in.
    pub tenants: Vec<TenantGrant>,
    /// The role held in `tenant`.
    pub role: String,
    /// The privileges of that role.
    pub privileges: Vec<String>,
    /// How the administrator signed in.
    pub method: SignInMethod,
    /// When the administrator last proved who he is.
    pub authenticated_at: Time,
    /// When the session ends at the latest.
    pub expires_at: Time,
    /// Version of the server.
    pub version: String,
}

/// The administrator of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionAdministrator {
    /// His id.
    pub id: Uuid,
    /// His address, by which he signs in.
    pub email: String,
    /// His name.
    pub display_name: String,
    /// Language of the console, a BCP 47 tag.
    pub locale: String,
}

/// The tenant of a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionTenant {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A tenant and the role held in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TenantGrant {
    /// The tenant's id.
    pub id: Uuid,
    /// The tenant's name.
    pub name: String,
    /// The role's name.
    pub role: String,
}

/// How a session began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignInMethod {
    /// By a passkey.
    Passkey,
    /// By a password.
    Password,
    /// By the tenant's identity provider (OpenID Connect).
    Oidc,
    /// By an API token; there is no session then.
    ApiToken,
}

/// Signing in by password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// The administrator's address.
    pub email: String,
    /// The password.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: String,
}

/// Moving the session to another tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionChange {
    /// The tenant to work in.
    pub tenant_id: Uuid,
}

/// Proving once more who one is: by the password, or by a passkey ceremony begun at `/session/passkey`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StepUp {
    /// The password.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: Option<String>,
    /// The passkey's answer.
    #[serde(default)]
    pub passkey: Option<CeremonyAnswer>,
}
