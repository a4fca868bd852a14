//! Bulk actions: one command on many keys.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A command on many keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// The command.
    pub action: BulkAction,
    /// Its arguments, as the command on one key takes them.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub arguments: Option<serde_json::Value>,
    /// The keys.
    pub selection: Selection,
}

/// A command that many keys take at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// Links a policy; `{policy_id}`.
    LinkPolicy,
    /// Unlinks the policy.
    UnlinkPolicy,
    /// Assigns to one user; `{user_id}`.
    Assign,
    /// Takes back from the user.
    Unassign,
    /// Puts aside; `{reason}`.
    Quarantine,
    /// Puts back in stock; `{reason}`.
    Release,
    /// Deletes from stock.
    Delete,
    /// Disposes of.
    Dispose,
    /// Pauses.
    Suspend,
    /// Ends a pause.
    Resume,
    /// Ends for good; `{reason, note, notify}`.
    Revoke,
}

/// Which keys: `ids`, or `filter` with `expected_count`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// These, at most 10,000.
    #[serde(default)]
    pub ids: Option<Vec<Uuid>>,
    /// All that match; names and values as in the query of the list.
    #[serde(default)]
    pub filter: Option<std::collections::BTreeMap<String, String>>,
    /// How many were seen to match; another number is refused. A dry run may leave it out.
    #[serde(default)]
    pub expected_count: Option<u64>,
}

/// How many keys a selection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkCount {
    /// The exact number.
    pub count: u64,
}
