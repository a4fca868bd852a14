//! API tokens: how programs sign in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// An API token; its secret is never shown again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiToken {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// Its role in this tenant.
    pub role: String,
    /// When it was made.
    pub created_at: Time,
    /// Who made it, by name.
    pub created_by: String,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Time>,
    /// When it dies, if ever.
    pub expires_at: Option<Time>,
    /// Why it opens nothing now; nothing when it works.
    #[serde(default)]
    pub stopped: Option<ApiTokenStopped>,
}

/// Why an API token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApiTokenStopped {
    /// Its time is over.
    Expired,
    /// Whoever made it is barred from the tenant, or holds no role in it any more.
    MakerBarred,
    /// It could do more than whoever made it may do now.
    MakerMayLess,
}

/// Makes an API token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiTokenDraft {
    /// What it is for.
    pub name: String,
    /// Its role in this tenant.
    pub role: String,
    /// When it dies; never when left out.
    #[serde(default)]
    pub expires_at: Option<Time>,
}

/// A new API token with its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewApiToken {
    /// Its id.
    pub id: Uuid,
    /// The secret, shown once: send it as `Authorization: Bearer`.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub token: String,
    /// What it is for.
    pub name: String,
    /// Its role in this tenant.
    pub role: String,
    /// When it was made.
    pub created_at: Time,
    /// When it dies, if ever.
    pub expires_at: Option<Time>,
}
