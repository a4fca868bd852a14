//! The audit log: reading it, checking it, and the signed checkpoints that leave the database.

pub mod checkpoint;
mod list;
mod signer;
mod verify;

pub use checkpoint::{list as checkpoints, sign};
pub use list::{List, export_recorded, list, page_of};
pub use signer::Signer;
pub use verify::verify;
