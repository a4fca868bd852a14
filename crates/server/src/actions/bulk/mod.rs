//! Bulk actions: one order to many keys, carried out by a job.

mod selection;
mod start;

pub(crate) use selection::Chosen;
pub use selection::Selection;
pub use start::{Count, count, start};
