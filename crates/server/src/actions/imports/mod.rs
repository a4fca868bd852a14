//! Imports: a delivery file becomes keys in stock, a seed file becomes OTP tokens. The whole file is checked before the
//! first write; what it brings is in no list, search or count until one switch shows all of it.

mod check;
mod keys;
pub(crate) mod large;
mod read;
mod record;
mod rejects;
mod report;
mod rows;
mod seen;
mod small;
mod spool;
mod start;
mod tokens;
mod undo;
mod upload;
mod view;
mod wares;

use claviger_domain::PolicyId;
use claviger_store::batches::Mode;

pub(crate) use record::event;
pub use report::{Column, Fault, PreviewRow, Report};
pub use start::{Outcome, create, preview};
pub use tokens::{Beside, create as create_tokens, preview as preview_tokens};
pub use undo::undo;
pub use upload::{Arriving, Interrupted, Upload, sweep};
pub use view::{Previewed, View, get, list, rejected};

/// Imports of at most so many rows are carried out while the caller waits, in one commit.
pub(crate) const AT_ONCE: u32 = 20_000;
/// Rows of one statement.
pub(crate) const CHUNK: usize = 2_000;

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// What is done with faulty rows.
    pub mode: Mode,
    /// The policy to be linked with its keys.
    pub policy: Option<PolicyId>,
}
