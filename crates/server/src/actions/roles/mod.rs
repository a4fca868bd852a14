//! Roles: the built-in ones and those that a tenant makes for itself.

mod read;
mod write;

pub use read::{Listed, get, list};
pub use write::{create, delete, update};
