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

/// What became of a list of users. It goes in whole or not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserImport {
    /// How many rows went, or would go, which way.
    pub counts: UserImportCounts,
    /// The first 1,000 faults; with any, nothing of the file went in.
    pub errors: Vec<crate::ImportError>,
    /// Whether there are more faults than are listed.
    pub errors_truncated: bool,
    /// The first 20 good rows.
    pub preview: Vec<UserImportRow>,
    /// SHA-256 of the file, hex.
    pub sha256: String,
}

/// How many rows of a list of users went which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserImportCounts {
    /// New users.
    pub created: u64,
    /// Users of whom the file says something else.
    pub updated: u64,
    /// Users of whom it says the same.
    pub unchanged: u64,
    /// Rows with faults.
    pub rejected: u64,
}

/// A row of a list of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserImportRow {
    /// The user name.
    pub user_name: String,
    /// The display name.
    pub display_name: String,
    /// The address that the user has then.
    pub email: Option<String>,
    /// The language that the user has then.
    pub locale: Option<String>,
    /// What the row does: `created`, `updated`, `unchanged`.
    pub outcome: String,
}
