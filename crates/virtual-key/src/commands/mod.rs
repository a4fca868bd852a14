//! The commands, one module each, named as in the specifications.

mod client_pin;
mod config;
mod credential_management;
mod get_assertion;
mod get_info;
mod large_blobs;
mod make_credential;
mod managed_key;
mod reset;
mod selection;
mod user_verification;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::{Command, Status};

pub(crate) use get_assertion::Signing;

/// The managed-key command (managed-key protocol §3).
pub(crate) const MANAGED_KEY: Command = Command::Other(0xB4);

/// The protocol of a request that has to name one (CTAP §6.1.2 step 2).
fn protocol(named: Option<u8>) -> Result<Protocol, Status> {
    let number = named.ok_or(Status::MissingParameter)?;
    Protocol::of(number).ok_or(Status::InvalidParameter)
}
