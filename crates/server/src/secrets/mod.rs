//! Secrets: sealed at rest, bound to their place, shown only with a receipt of the audit event.

mod envelope;
pub(crate) mod kek;
mod keyring;
mod secret;
pub mod seeds;
pub(crate) mod vault;

pub use envelope::{Place, SealingKey, Unsealable};
pub use kek::{KekError, KekSource};
pub use keyring::Keyring;
pub use secret::{Receipt, Secret};

#[cfg(test)]
mod tests;
