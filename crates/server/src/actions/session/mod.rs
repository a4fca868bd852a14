//! Signing in and out, and what the session is.

mod end;
mod move_to;
mod open;
mod passkey;
mod password;
mod show;
mod step_up;

pub use end::end;
pub use move_to::move_to;
pub use open::Opened;
pub(crate) use open::{Opening, open};
pub use passkey::{begin as begin_passkey, by_passkey};
pub use password::by_password;
pub(crate) use show::opened;
pub use show::show;
pub use step_up::step_up;
