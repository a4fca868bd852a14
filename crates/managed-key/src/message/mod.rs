//! The messages of command `0xB4`, as both sides write and read them.
//!
//! CBOR is CTAP's canonical form. What is authenticated is hashed as it was received, so a [`Request`] keeps those bytes. The
//! key agreement's arithmetic is the caller's; nothing here needs a curve.

mod admin;
mod answer;
mod canonical;
mod cbor;
mod challenge;
mod cose;
mod enrol;
mod envelope;
mod fault;
mod key_agreement;
mod key_status;
mod policy;
mod request;
mod status;
mod subcommand;
mod unlock;

pub use admin::{AdminLogin, AdminOrder};
pub use answer::{AnswerFault, refused, succeeded};
pub use canonical::check as check_canonical;
pub use challenge::Challenged;
pub use cose::CoseKey;
pub use enrol::{Enrol, Enrolled};
pub use envelope::Envelope;
pub use fault::MessageFault;
pub use key_agreement::AttestedAgreement;
pub use key_status::{KeyStatus, ManagementState};
pub use policy::{Policy, PolicyChange};
pub use request::{Command, Request};
pub use status::StatusCode;
pub use subcommand::SubCommand;
pub use unlock::{Unlock, Unlocked};

/// The CTAP2 command byte that all of this travels in.
pub const COMMAND: u8 = 0xB4;

/// The application under which a process without FIDO rights reaches the command over ISO 7816.
pub const MANAGEMENT_AID: [u8; 5] = [0xF0, b'C', b'L', b'V', b'1'];

/// What a request carries to be told from other makers' command `0xB4`.
pub const MAGIC: [u8; 4] = *b"CLV1";

/// The PIN/UV protocol that authenticates and encrypts: only the second.
pub const PIN_UV_PROTOCOL: u8 = 2;

/// CBOR of an operation without parameters: the empty map.
pub const NO_PARAMETERS: [u8; 1] = [0xa0];
