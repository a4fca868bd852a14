//! The chain: what is hashed, and in which order.

use claviger_domain::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::entry::{AuditEvent, Pending};

/// Hash before the first event of a lane.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

/// Names the encoding, so that another one could never be mistaken for it.
const LABEL: &[u8] = b"claviger/audit/v1";

/// Hash of an event: SHA-256 over its fields in a fixed order, each behind its length, absent ones
/// apart from empty ones. No two events share an encoding.
#[must_use]
pub fn hash(event: &AuditEvent) -> [u8; 32] {
    let mut encoding = Encoding(Sha256::new());
    encoding.put(LABEL);
    encoding.put(event.tenant.as_uuid().as_bytes());
    encoding.put(&event.lane.to_be_bytes());
    encoding.put(&event.sequence.to_be_bytes());
    encoding.put(&event.previous);
    encoding.put(event.id.as_bytes());
    encoding.put(&event.at.as_micros().to_be_bytes());
    encoding.put(event.actor_kind.as_bytes());
    encoding.optional(event.actor_id.as_ref().map(|id| id.as_bytes().as_slice()));
    encoding.put(event.actor_label.as_bytes());
    encoding.text(event.source.as_ref());
    encoding.text(event.request_id.as_ref());
    encoding.put(event.action.as_bytes());
    encoding.put(event.object_kind.as_bytes());
    encoding.optional(event.object_id.as_ref().map(|id| id.as_bytes().as_slice()));
    for text in [
        &event.object_label,
        &event.before,
        &event.after,
        &event.reason,
        &event.ticket,
    ] {
        encoding.text(text.as_ref());
    }
    encoding.0.finalize().into()
}

struct Encoding(Sha256);

impl Encoding {
    fn put(&mut self, field: &[u8]) {
        let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
        self.0.update(length.to_be_bytes());
        self.0.update(field);
    }

    fn text(&mut self, field: Option<&String>) {
        self.optional(field.map(String::as_bytes));
    }

    fn optional(&mut self, field: Option<&[u8]>) {
        self.0.update([u8::from(field.is_some())]);
        self.put(field.unwrap_or_default());
    }
}

/// Makes the next event of a lane from what a job recorded.
pub(crate) fn link(pending: Pending, lane: i64, sequence: i64, previous: [u8; 32]) -> AuditEvent {
    let Pending { scope, entry } = pending;
    let mut event = AuditEvent {
        tenant: scope.tenant,
        id: id(scope.now, lane, sequence),
        lane,
        sequence,
        at: scope.now,
        actor_kind: scope.actor.kind().to_owned(),
        actor_id: scope.actor.id(),
        actor_label: scope.actor.label().to_owned(),
        source: scope.source,
        request_id: scope.request_id,
        action: entry.action.to_owned(),
        object_kind: entry.object_kind.to_owned(),
        object_id: entry.object_id,
        object_label: entry.object_label,
        before: entry.before.map(|json| json.to_string()),
        after: entry.after.map(|json| json.to_string()),
        reason: entry.reason,
        ticket: entry.ticket,
        previous,
        hash: GENESIS,
    };
    event.hash = hash(&event);
    event
}

/// A UUIDv7 (RFC 9562 §5.7) that needs no randomness: milliseconds, then the part of a millisecond,
/// then lane (20 bits) and sequence (42 bits), which are unique within a tenant.
pub(crate) fn id(at: Timestamp, lane: i64, sequence: i64) -> Uuid {
    let micros = u64::try_from(at.as_micros()).unwrap_or(0);
    let (millis, part) = (micros / 1_000, micros % 1_000);
    // 12 bits hold 4,096 parts of a millisecond.
    let part = u128::from(part * 4_096 / 1_000);
    let lane = u128::from(lane.unsigned_abs()) & 0xF_FFFF;
    let sequence = u128::from(sequence.unsigned_abs()) & 0x3FF_FFFF_FFFF;
    let time = u128::from(millis) & 0xFFFF_FFFF_FFFF;
    Uuid::from_u128(time << 80 | 7 << 76 | part << 64 | 2 << 62 | lane << 42 | sequence)
}
