//! First run and invitations: the one-time link, and what it lets one do.

mod begin_passkey;
pub(crate) mod complete;
mod link;
mod look;
mod needed;

pub use begin_passkey::begin_passkey;
pub use complete::complete;
pub use link::{FIRST_RUN, INVITATION, Link, first_run_link, make};
pub use look::look;
pub use needed::needed;
