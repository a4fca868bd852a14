//! The audit log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// One event of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEvent {
    /// Its id.
    pub id: Uuid,
    /// When it happened.
    pub at: Time,
    /// What happened, past tense (`security_key.revoked`).
    pub action: String,
    /// Who did it.
    pub actor: AuditActor,
    /// What it was done to.
    pub object: AuditObject,
    /// Address it was done from.
    pub source: Option<String>,
    /// The request that did it.
    pub request_id: Option<String>,
    /// The object before.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub before: Option<serde_json::Value>,
    /// The object after.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub after: Option<serde_json::Value>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// The ticket it was done for.
    pub ticket: Option<String>,
    /// The chain's lane.
    pub lane: i64,
    /// The place in the lane.
    pub sequence: i64,
    /// The chain's hash at this event, hex.
    pub hash: String,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditActor {
    /// `administrator`, `api_token`, `system` or `anonymous`.
    pub kind: String,
    /// His id.
    pub id: Option<Uuid>,
    /// His name when it happened.
    pub label: String,
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditObject {
    /// What kind of thing.
    pub kind: String,
    /// Its id.
    pub id: Option<Uuid>,
    /// Its name when it happened.
    pub label: String,
}

/// A signed checkpoint, with the heads of this tenant's lanes; the whole statement covers all tenants and is in the
/// checkpoint file on the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditCheckpoint {
    /// Its number.
    pub sequence: i64,
    /// When it was signed.
    pub at: Time,
    /// Where this tenant's lanes stood.
    pub heads: Vec<AuditHead>,
    /// SHA-256 of what was signed, hex.
    pub sha256: String,
    /// The Ed25519 signature, base64.
    pub signature: String,
    /// The public key, base64.
    pub public_key: String,
}

/// Where a lane stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditHead {
    /// The lane.
    pub lane: i64,
    /// Its last event's place.
    pub sequence: i64,
    /// Its last event's hash, hex.
    pub hash: String,
}

/// What checking the whole chain found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditVerification {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How many events were checked.
    pub entries: u64,
    /// What is wrong.
    pub problems: Vec<AuditProblem>,
}

/// One thing that is wrong with the chain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditProblem {
    /// The lane.
    pub lane: i64,
    /// The place in the lane.
    pub sequence: i64,
    /// What is wrong there.
    pub detail: String,
}

/// Takes note of events that the overview shows until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// Of what.
    pub kind: AttentionEvent,
    /// Up to when: `newest_at` of the overview.
    pub until: Time,
}

/// Events that stand on the overview until somebody takes note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttentionEvent {
    /// An Owner signed in beside the identity provider.
    BreakGlass,
}

/// What was taken note of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledged {
    /// How many.
    pub count: u64,
}
