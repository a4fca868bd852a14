//! Events as jobs record them and as the log keeps them.

use claviger_domain::Timestamp;
use claviger_domain::ids::TenantId;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;
use crate::scope::Scope;

/// What a job has to say about a change; who, from where and when stand in its [`Scope`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditEntry {
    /// `security_key.policy_linked`: object, then what happened, in the past tense.
    pub action: &'static str,
    /// `security_key`.
    pub object_kind: &'static str,
    /// The object's row.
    pub object_id: Option<Uuid>,
    /// The object's name as it was at the time.
    pub object_label: Option<String>,
    /// What changed, as it was.
    pub before: Option<Json>,
    /// What changed, as it is.
    pub after: Option<Json>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// Where it was asked for.
    pub ticket: Option<String>,
}

/// An entry that waits for its batch to be appended.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) scope: Scope,
    pub(crate) entry: AuditEntry,
}

/// One event of the log, chained to the one before it in its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// The tenant whose log it is.
    pub tenant: TenantId,
    /// Sorts as the log is shown: by time, then lane, then sequence.
    pub id: Uuid,
    /// The chain within the tenant.
    pub lane: i64,
    /// Place in the chain, from 1 on without gaps.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// `administrator`, `api_token` or `system`.
    pub actor_kind: String,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// Who, by name.
    pub actor_label: String,
    /// From which address.
    pub source: Option<String>,
    /// By which request.
    pub request_id: Option<String>,
    /// What happened.
    pub action: String,
    /// To what kind of object.
    pub object_kind: String,
    /// To which object.
    pub object_id: Option<Uuid>,
    /// The object's name.
    pub object_label: Option<String>,
    /// As it was, JSON.
    pub before: Option<String>,
    /// As it is, JSON.
    pub after: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was asked for.
    pub ticket: Option<String>,
    /// Hash of the event before it in its lane; zeros for the first.
    pub previous: [u8; 32],
    /// Hash over all of the above.
    pub hash: [u8; 32],
}

impl AuditEvent {
    pub(crate) fn from_row(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            tenant: TenantId::from_uuid(row.get(0)?),
            id: row.get(1)?,
            lane: row.get(2)?,
            sequence: row.get(3)?,
            at: row.get(4)?,
            actor_kind: row.get(5)?,
            actor_id: row.get(6)?,
            actor_label: row.get(7)?,
            source: row.get(8)?,
            request_id: row.get(9)?,
            action: row.get(10)?,
            object_kind: row.get(11)?,
            object_id: row.get(12)?,
            object_label: row.get(13)?,
            before: row.get(14)?,
            after: row.get(15)?,
            reason: row.get(16)?,
            ticket: row.get(17)?,
            previous: row.get(18)?,
            hash: row.get(19)?,
        })
    }
}
