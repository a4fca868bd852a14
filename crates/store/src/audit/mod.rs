//! The audit log: events in the transaction of the change, chained per tenant and lane.

mod append;
mod chain;
mod entry;

pub use chain::hash;
pub use entry::{AuditEntry, AuditEvent};

pub(crate) use append::append;
pub(crate) use entry::Pending;
