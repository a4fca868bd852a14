//! Security keys: what a list shows, what one key shows, and the commands it takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// A security key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityKey {
    /// Its id.
    pub id: Uuid,
    /// Its revision, for `If-Match`.
    pub revision: i64,
    /// What its model is called in the delivery.
    pub device_name: String,
    /// Its serial number, as it was given.
    pub serial_number: String,
    /// Its highest FIDO version, such as `FIDO_2_1`.
    pub version: String,
    /// Where it stands in its life.
    pub status: SecurityKeyStatus,
    /// Why it stands there, for quarantined and revoked keys.
    pub status_reason: Option<String>,
    /// Who holds its admin secret, as last observed.
    pub mode: SecurityKeyMode,
    /// Whether its PIN tries were last seen used up.
    pub locked: bool,
    /// The policy linked to it, in the version it is pinned to.
    pub policy: Option<PolicyRef>,
    /// Who holds it.
    pub user: Option<UserRef>,
    /// Its model's AAGUID, once observed.
    pub aaguid: Option<Uuid>,
    /// Where its credentials are registered.
    pub identity_provider: Option<String>,
    /// Its firmware, once observed.
    pub firmware: Option<String>,
    /// How often it was brought into use, from 1.
    pub generation: u32,
    /// Whether a newer version of its policy waits to be applied.
    pub drift: bool,
    /// The commands that it takes now and that the caller may give.
    pub allowed_actions: Vec<String>,
    /// The import that brought it.
    pub batch: Option<BatchRef>,
    /// When it was imported.
    pub imported_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// When a workstation last saw it.
    pub last_seen_at: Option<Time>,
    /// Further columns of the delivery; told for a single key, left out of lists.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
}

/// Where a key stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecurityKeyStatus {
    /// Known, something still missing.
    InStock,
    /// A fitting policy is linked.
    Ready,
    /// The policy is written to the hardware.
    Configured,
    /// A credential is registered for its user.
    Enrolled,
    /// Ended for good in this generation.
    Revoked,
    /// Put aside, with a reason.
    Quarantined,
    /// Paused.
    Suspended,
    /// Destroyed or wiped.
    Disposed,
}

/// Who holds a key's admin secret, as last observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SecurityKeyMode {
    /// This server does, and it was verified on the key.
    Managed,
    /// Nobody, or nobody has looked.
    Unmanaged,
    /// Somebody else.
    Foreign,
}

/// A policy in one of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyRef {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The version.
    pub version: u32,
}

/// A user, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserRef {
    /// His id.
    pub id: Uuid,
    /// The name by which a directory knows him.
    pub user_name: String,
}

/// An import batch, by the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BatchRef {
    /// Its id.
    pub id: Uuid,
    /// The name of the file, as the sender called it; told for a single key, left out of lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
}

/// How many keys stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityKeyCounts {
    /// The *Stocks* tab.
    pub stocks: StockCounts,
    /// The *Configured & Assigned* tab.
    pub inventory: InventoryCounts,
    /// Disposed keys, which both tabs hide.
    pub disposed: u64,
}

/// Counts of the *Stocks* tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockCounts {
    /// All of the tab.
    pub total: u64,
    /// Those in stock.
    pub in_stock: u64,
    /// Those ready.
    pub ready: u64,
    /// Those put aside.
    pub quarantined: u64,
}

/// Counts of the *Configured & Assigned* tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InventoryCounts {
    /// All of the tab.
    pub total: u64,
    /// Those ready and assigned.
    pub ready: u64,
    /// Those configured.
    pub configured: u64,
    /// Those enrolled.
    pub enrolled: u64,
    /// Those paused.
    pub suspended: u64,
    /// Those revoked.
    pub revoked: u64,
}

/// Something that happened to a key: to it alone, with its import, or within a bulk job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityKeyEvent {
    /// The audit event.
    pub id: Uuid,
    /// When it happened.
    pub at: Time,
    /// What happened, past tense (`security_key.revoked`).
    pub action: String,
    /// Who did it.
    pub actor: crate::AuditActor,
    /// What it was done to: the key, its import batch, or a bulk job.
    pub object: crate::AuditObject,
    /// The key before.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<serde_json::Value>,
    /// The key after, or the counts of an import or a bulk job.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<serde_json::Value>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// The ticket it was done for.
    pub ticket: Option<String>,
}
