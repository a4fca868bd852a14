//! `authenticatorClientPIN`: CTAP §6.5.

mod new_pin;
mod set;
mod tokens;
mod trial;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::{ClientPin, Response, SubCommand};

use super::protocol;
use crate::Authenticator;
use crate::agreement::Shared;
use crate::volatile::MISMATCHES;

pub(crate) use new_pin::NewPin;

impl Authenticator {
    /// Carries a subcommand out.
    pub(crate) fn client_pin(&mut self, request: &ClientPin) -> Result<Response, Status> {
        match request.sub_command {
            SubCommand::GetPinRetries => self.pin_retries(),
            SubCommand::GetKeyAgreement => {
                let key = self.agreement(protocol(request.protocol)?)?.public();
                Ok(Response {
                    key_agreement: Some(key),
                    ..Response::default()
                })
            }
            SubCommand::SetPin => self.set_pin(request),
            SubCommand::ChangePin => self.change_pin(request),
            SubCommand::GetPinToken => self.pin_token(request),
            SubCommand::GetTokenUsingPin => self.token_using_pin(request),
            SubCommand::GetTokenUsingUv | SubCommand::GetUvRetries | SubCommand::Other(_) => {
                Err(Status::InvalidSubcommand)
            }
        }
    }

    fn pin_retries(&mut self) -> Result<Response, Status> {
        let retries = self.state().pin_retries;
        self.state().pin.as_ref().ok_or(Status::PinNotSet)?;
        Ok(Response {
            pin_retries: Some(retries.into()),
            power_cycle_state: Some(self.wants_power_cycle()?),
            ..Response::default()
        })
    }

    /// Whether no PIN is tried until the key was without power.
    pub(crate) fn wants_power_cycle(&mut self) -> Result<bool, Status> {
        Ok(self.volatile()?.pin_mismatches >= MISMATCHES)
    }

    fn agreement(&mut self, protocol: Protocol) -> Result<&mut crate::agreement::Agreement, Status> {
        let [one, two] = &mut self.volatile()?.agreements;
        Ok(match protocol {
            Protocol::One => one,
            Protocol::Two => two,
        })
    }

    /// The secret that the key shares with the platform of this request.
    pub(crate) fn shared(
        &mut self,
        protocol: Protocol,
        platform: Option<&claviger_ctap::wire::cose::KeyAgreement>,
    ) -> Result<Shared, Status> {
        let platform = platform.ok_or(Status::MissingParameter)?;
        self.agreement(protocol)?.shared(protocol, platform)
    }
}

/// A member that the subcommand needs.
fn need<T>(member: Option<&T>) -> Result<&T, Status> {
    member.ok_or(Status::MissingParameter)
}
