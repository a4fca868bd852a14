//! Signing in through a tenant's identity provider (OpenID Connect).

mod arrive;
mod begin;
pub(crate) mod document;
mod finish;
mod methods;
pub(crate) mod providers;
mod secret;
mod settings;

pub use begin::{Begun, Purpose, begin};
pub(crate) use finish::finish;
pub use finish::{Arrived, Returned, Turned};
pub use methods::methods;
pub use settings::{forget, keep, show, test};
