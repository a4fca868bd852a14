//! The audit log: events in the transaction of the change, chained per tenant and lane.

mod append;
mod chain;
mod entry;
mod heads;
mod list;
mod settled;
mod touched;
mod verify;

pub use chain::hash;
pub use entry::{AuditEntry, AuditEvent};
pub use heads::{
    Checkpoint, LaneHead, Statement, body, checkpoints, heads, insert_checkpoint, latest_checkpoint, read_body,
    tenant_heads,
};
pub use list::{Filter, Page, for_object, list, walk};
pub use touched::{heads_of, touched};
pub use verify::{Lane, Problem, Report, Verifier, verify};

pub(crate) use append::{Moved, append};
pub(crate) use entry::Pending;
pub(crate) use settled::was_committed;
