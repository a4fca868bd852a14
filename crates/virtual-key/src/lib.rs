//! A managed security key in software: CTAP 2.1 and the managed-key protocol, for demonstrations, training and tests, and
//! as the reference for firmware makers. "CTAP" below is the FIDO Alliance's Client to Authenticator Protocol, version
//! 2.1 of 2021-06-15.
//!
//! [`Authenticator`] answers messages, [`Card`] wraps it as a smart card, [`hid::Device`] as a USB device. The world comes
//! in through [`Machine`] and [`disk::Disk`], so that tests hold clock, randomness and touch still and cut the power
//! between any two writes.

mod agreement;
pub mod attestation;
mod authenticator;
pub mod card;
mod commands;
mod crypto;
pub mod disk;
pub mod hid;
mod limits;
mod machine;
mod secret;
pub mod serve;
pub mod state;
mod store;
mod volatile;

#[cfg(test)]
mod testing;

pub use authenticator::{Authenticator, Link};
pub use card::Card;
pub use machine::{Machine, Occasion, Touch};
pub use secret::Secret;
pub use state::State;
pub use store::{Store, StoreError};
