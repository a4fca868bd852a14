//! Administrators of a tenant. The last Owner stays, and nobody acts above himself.

mod change;
mod invite;
mod list;
pub(crate) mod owners;
mod sessions;

pub use change::update;
pub use invite::{Invited, invite, invite_again};
pub use list::{Member, get, list};
pub use sessions::{end_all, end_one, sessions};
