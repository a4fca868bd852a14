//! Users: people to whom authenticators are assigned.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// His id.
    pub id: Uuid,
    /// His revision, for `If-Match`.
    pub revision: i64,
    /// The name by which a directory knows him; unique in the tenant whatever the case.
    pub user_name: String,
    /// How he is called on screens.
    pub display_name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// Language of mail, such as `cs`; the tenant's when absent.
    pub locale: Option<String>,
    /// Whether he may be given authenticators.
    pub status: UserStatus,
    /// Since when he is disabled.
    pub disabled_at: Option<Time>,
    /// How many keys he has that are neither revoked nor disposed of.
    pub keys: u64,
    /// When he was made.
    pub created_at: Time,
    /// When he was last changed.
    pub updated_at: Time,
    /// The commands that he takes now and that the caller may give: `update`, `disable`, `enable`.
    pub allowed_actions: Vec<String>,
}

/// Whether a user may be given authenticators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// He may.
    Active,
    /// He has left or is barred; what he has stays with him.
    Disabled,
}

/// What is said of a person. A change says all of it: what is left out is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserDraft {
    /// The name by which a directory knows him.
    pub user_name: String,
    /// How he is called on screens.
    pub display_name: String,
    /// Where mail goes.
    #[serde(default)]
    pub email: Option<String>,
    /// Language of mail, such as `cs`.
    #[serde(default)]
    pub locale: Option<String>,
}
