//! The audit log: reading it, checking it, and the signed checkpoints that leave the database.

mod acknowledge;
pub mod checkpoint;
mod list;
mod signer;
mod verify;

pub use acknowledge::acknowledge_break_glass;
pub use checkpoint::{list as checkpoints, sign};
pub use list::{List, export_recorded, list, page_of};
pub use signer::Signer;
pub use verify::verify;
