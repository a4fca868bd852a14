//! Bulk actions: one order to many things of a kind, carried out by a job.

mod keys;
mod orders;
mod selection;
mod start;
mod tokens;

pub(crate) use orders::Orders;
pub(crate) use selection::Chosen;
pub use selection::Selection;
pub use start::Count;
pub(crate) use start::{count, start};
