//! Codes that people read aloud: Crockford base32, checked by Reed–Solomon, never corrected.
//!
//! A mistyped code is found before it costs anything, and the group to look at is named where that can be known.

mod admin_pin;
mod challenge;
mod fault;
mod parity;
mod receipt;
mod response;
mod symbols;
mod typed;

#[cfg(test)]
mod tests;

pub use admin_pin::AdminPin;
pub use challenge::{Challenge, DeviceTag};
pub use fault::CodeFault;
pub use receipt::Receipt;
pub use response::Response;

pub(crate) use symbols::{spread, written};
pub(crate) use typed::kept;
