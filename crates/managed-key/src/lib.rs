//! The managed-key protocol, version 1: how an organisation unlocks a key that it handed out, without learning its PIN.
//!
//! Values in, values out: no I/O, no clock, no randomness but what is handed in. Both sides are here, so that the key, the
//! server and the workstation read the same bytes the same way. What holds a secret is wiped when dropped and has no `Debug`.
#![warn(clippy::arithmetic_side_effects)]

pub mod code;
pub mod drivers;
pub mod keys;
pub mod message;
mod operation;
pub mod pin_uv;
mod serial;

pub use operation::Operation;
pub use serial::{Serial, SerialFault};
