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
    /// What its identity provider last said of its credential.
    pub identity_provider_state: IdentityProviderState,
    /// What became of the mail about its revocation; told for a single key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailDelivery>,
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

/// What an identity provider last said of a key's credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum IdentityProviderState {
    /// Nothing was ever registered.
    None,
    /// A registration has begun.
    Pending,
    /// A credential is there.
    Present,
    /// The registration failed.
    Failed,
    /// The key is revoked here, its credential still accepted there.
    RemovalPending,
    /// The credential is gone.
    Removed,
    /// Removing failed and is tried again.
    RemovalFailed,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MailDelivery {
    /// Where it stands.
    pub state: MailDeliveryState,
    /// Since when.
    pub at: Time,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_try_at: Option<Time>,
    /// What the mail server said, or why nothing was sent; for those who may see users.
    pub detail: Option<String>,
}

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailDeliveryState {
    /// It is sent as soon as the mail server takes it.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was refused, or given up after a day.
    Failed,
    /// It was asked for, and there was nobody to write to or no mail server.
    NotSent,
}

#[expect(clippy::struct_excessive_bools, reason = "four questions, four answers")]
/// What to know before a key is revoked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevocationPreview {
    /// Whether its user can be told by mail.
    pub can_notify: bool,
    /// What stands in the way.
    pub why_not: Option<NotifyHindrance>,
    /// The same in a sentence.
    pub hint: Option<String>,
    /// Whether its user is told when the order does not say.
    pub default_notify: bool,
    /// Whether its user has no other usable key.
    pub last_key: bool,
    /// Whether a credential at an identity provider has to go with it.
    pub removes_credential: bool,
}

/// Why nobody can be told by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotifyHindrance {
    /// Nobody holds the key.
    NoHolder,
    /// Its user has no address.
    NoAddress,
    /// The tenant has no mail server.
    NoMailServer,
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
