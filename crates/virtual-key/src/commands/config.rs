//! `authenticatorConfig`: CTAP §6.11, and what an organisation's policy leaves of it (managed-key protocol §3).

use claviger_ctap::pin::MOST_BYTES;
use claviger_ctap::wire::cbor::Fault;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::config::{Config, SetMinPinLength, SubCommand};
use claviger_ctap::wire::{Nothing, Status};

use super::protocol;
use crate::state::Settings;
use crate::{Authenticator, limits};

impl Authenticator {
    /// Carries a subcommand out.
    ///
    /// # Errors
    /// `OPERATION_DENIED` for what would weaken an organisation's policy; otherwise as CTAP says.
    pub(crate) fn config(&mut self, request: &Config) -> Result<Nothing, Status> {
        match request.sub_command {
            SubCommand::EnableEnterpriseAttestation | SubCommand::ToggleAlwaysUv | SubCommand::SetMinPinLength => {}
            SubCommand::VendorPrototype | SubCommand::Other(_) => return Err(Status::InvalidSubcommand),
        }
        self.check_configurer(request)?;
        let mut settings = self.state().settings.clone();
        match request.sub_command {
            SubCommand::EnableEnterpriseAttestation => settings.enterprise_attestation = true,
            SubCommand::ToggleAlwaysUv => settings.always_uv = !settings.always_uv,
            SubCommand::SetMinPinLength => {
                let params = request.params().map_err(Fault::status)?;
                self.set_min_pin_length(&params, &mut settings)?;
            }
            SubCommand::VendorPrototype | SubCommand::Other(_) => return Err(Status::InvalidSubcommand),
        }
        let policy = self.state().management.as_ref().map(|management| &management.policy);
        if policy.is_some_and(|policy| settings.weaken(policy)) {
            return Err(Status::OperationDenied);
        }
        self.set_settings(settings)?;
        Ok(Nothing)
    }

    /// Whether the token may configure. A key without a PIN is anybody's to set up, unless it always verifies its user:
    /// then nothing but that can be switched off (CTAP §6.11 step 4).
    fn check_configurer(&mut self, request: &Config) -> Result<(), Status> {
        let Some(param) = &request.pin_uv_auth_param else {
            let is_allowed = !self.state().settings.always_uv || request.sub_command == SubCommand::ToggleAlwaysUv;
            let is_open = self.state().pin.is_none() && is_allowed;
            return if is_open { Ok(()) } else { Err(Status::PuatRequired) };
        };
        let protocol = protocol(request.protocol)?;
        let now = self.now();
        let tokens = &mut self.volatile()?.tokens;
        let permission = Permissions::AUTHENTICATOR_CONFIG;
        tokens
            .verified(protocol, &request.authenticated(), param, permission, now)
            .map(drop)
    }

    /// `setMinPINLength`: §6.11.4.
    fn set_min_pin_length(&self, params: &SetMinPinLength, settings: &mut Settings) -> Result<(), Status> {
        if let Some(length) = params.new_min_pin_length {
            let length = u8::try_from(length).map_err(|_| Status::PinPolicyViolation)?;
            let management = self.state().management.as_ref();
            if management.is_some_and(|management| length < management.policy.min_pin_length) {
                return Err(Status::OperationDenied);
            }
            if length < settings.min_pin_length || usize::from(length) > MOST_BYTES {
                return Err(Status::PinPolicyViolation);
            }
            settings.min_pin_length = length;
        }
        if params.force_change_pin == Some(true) {
            self.state().pin.as_ref().ok_or(Status::PinNotSet)?;
            settings.force_pin_change = true;
        }
        if u32::try_from(params.rp_ids.len()).is_ok_and(|count| count > limits::MIN_PIN_RP_IDS) {
            return Err(Status::KeyStoreFull);
        }
        if !params.rp_ids.is_empty() {
            settings.min_pin_rp_ids.clone_from(&params.rp_ids);
        }
        Ok(())
    }

    /// Writes settings.
    fn set_settings(&mut self, settings: Settings) -> Result<(), Status> {
        self.change(|state| {
            state.settings = settings;
            state.force_change_of_short_pin();
        })?;
        self.end_forced_tokens()
    }

    /// Whoever has to change the PIN first holds no token meanwhile, and continues nothing (CTAP §6.11.4).
    pub(crate) fn end_forced_tokens(&mut self) -> Result<(), Status> {
        if self.state().settings.force_pin_change {
            let (volatile, machine) = self.parts()?;
            volatile.end_tokens(machine);
        }
        Ok(())
    }
}
