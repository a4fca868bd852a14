//! Policies: what keys have to be set to, in versions.

mod read;
mod write;

pub use read::{get, list, versions};
pub use write::{archive, create, delete, restore, update};
pub(crate) use write::{object, said};
