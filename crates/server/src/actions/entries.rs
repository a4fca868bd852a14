//! What actions say in the audit log and on the events stream, put shortly.

use claviger_store::{Change, Tx, audit::AuditEntry};
use serde_json::Value;
use uuid::Uuid;

/// The object of an event.
pub(crate) struct Object<'a> {
    pub(crate) kind: &'static str,
    pub(crate) id: Uuid,
    pub(crate) label: &'a str,
    pub(crate) revision: i64,
}

/// Records a change with what was and what is, and tells the events stream.
pub(crate) fn changed(
    tx: &mut Tx,
    action: &'static str,
    object: &Object<'_>,
    before: Option<Value>,
    after: Option<Value>,
) {
    tx.record(AuditEntry {
        action,
        object_kind: object.kind,
        object_id: Some(object.id),
        object_label: Some(object.label.to_owned()),
        before,
        after,
        ..AuditEntry::default()
    });
    tx.notify(Change {
        kind: object.kind,
        id: object.id,
        revision: object.revision,
    });
}
