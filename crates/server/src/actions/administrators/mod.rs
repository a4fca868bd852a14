//! Administrators of a tenant. The last Owner stays, and nobody acts above himself.

mod change;
mod invite;
mod list;

pub use change::update;
pub use invite::{Invited, invite};
pub use list::{Member, get, list};
