//! A second person's agreement.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// A request for a second person's agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Its id.
    pub id: Uuid,
    /// Its revision, for `If-Match`.
    pub revision: i64,
    /// What it is about.
    pub kind: ApprovalKind,
    /// How it stands.
    pub status: ApprovalStatus,
    /// Which key; nothing when it is about the whole tenant.
    pub security_key: Option<SecurityKeyRef>,
    /// Who asks.
    pub requested_by: ApprovalParty,
    /// Why.
    pub reason: String,
    /// Who answered.
    pub answered_by: Option<ApprovalParty>,
    /// When.
    pub answered_at: Option<Time>,
    /// When it was asked for.
    pub created_at: Time,
    /// Until when it can be answered or, once approved, used.
    pub expires_at: Time,
}

/// A security key, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityKeyRef {
    /// Its id.
    pub id: Uuid,
    /// What its model is called; nothing when the key is gone.
    pub device_name: Option<String>,
    /// Its serial number; nothing when the key is gone.
    pub serial_number: Option<String>,
}

/// Somebody who asks or answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApprovalParty {
    /// The administrator, or the API token.
    pub id: Uuid,
    /// The person's address; for an API token, that of whoever made it.
    pub person: String,
}

/// What a second person agrees to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApprovalKind {
    /// Showing the admin PIN of a key.
    AdminPin,
    /// Bringing back a key that was stolen or compromised.
    Reinstate,
    /// Switching off that a second person approves admin PINs.
    AdminPinAlone,
}

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ApprovalStatus {
    /// Nobody has answered.
    Pending,
    /// Somebody agreed; it can be used once.
    Approved,
    /// Somebody disagreed.
    Declined,
    /// What was agreed to has been done.
    Used,
    /// Too late.
    Expired,
}

/// Asks for a second person's agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApprovalDraft {
    /// What it is about.
    pub kind: ApprovalKind,
    /// Which key; left out for `admin_pin_alone`, which is about the whole tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_key_id: Option<Uuid>,
    /// Why; 1 to 200 characters.
    pub reason: String,
}
