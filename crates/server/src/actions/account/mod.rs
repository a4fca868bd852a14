//! One's own account.

mod passkeys;
mod password;
mod profile;
mod sessions;

pub use passkeys::{add as add_passkey, begin as begin_passkey, list as list_passkeys, remove as remove_passkey};
pub use password::change as change_password;
pub use profile::update;
pub use sessions::{end as end_session, list as list_sessions};
