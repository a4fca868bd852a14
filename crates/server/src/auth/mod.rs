//! Who is calling, and may he: sessions, passwords, passkeys, API tokens, and the proof that a handler gets.

pub mod authenticate;
pub mod bearer;
pub mod cache;
pub mod caller;
pub mod cookies;
pub mod identity;
pub mod limiter;
pub(crate) mod oidc;
pub mod origin;
pub mod passkeys;
pub mod passwords;
mod replay;
pub mod roles;
pub mod tokens;
pub mod visitor;

pub use caller::Caller;
pub use identity::{Identity, Who};
pub use visitor::Visitor;
