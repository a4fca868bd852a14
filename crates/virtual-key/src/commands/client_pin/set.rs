//! Setting the first PIN and changing it: CTAP §6.5.5.5 and §6.5.5.6.

use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::{ClientPin, Response};

use super::{NewPin, need, protocol};
use crate::Authenticator;

impl Authenticator {
    /// Sets the first PIN.
    pub(super) fn set_pin(&mut self, request: &ClientPin) -> Result<Response, Status> {
        let protocol = protocol(request.protocol)?;
        let param = need(request.pin_uv_auth_param.as_ref())?;
        let encrypted = need(request.new_pin_enc.as_ref())?;
        need(request.key_agreement.as_ref())?;
        if self.state().pin.is_some() {
            return Err(Status::PinAuthInvalid);
        }
        let shared = self.shared(protocol, request.key_agreement.as_ref())?;
        if !shared.verify(encrypted, param) {
            return Err(Status::PinAuthInvalid);
        }
        let pin = NewPin::unpadded(&shared.decrypt(encrypted)?, self.state())?;
        self.change(|state| pin.set_on(state))?;
        Ok(Response::default())
    }

    /// Sets another PIN for whoever knows the old one.
    pub(super) fn change_pin(&mut self, request: &ClientPin) -> Result<Response, Status> {
        let protocol = protocol(request.protocol)?;
        let param = need(request.pin_uv_auth_param.as_ref())?;
        let encrypted = need(request.new_pin_enc.as_ref())?;
        let hash = need(request.pin_hash_enc.as_ref())?;
        need(request.key_agreement.as_ref())?;
        self.may_try_pin()?;
        let shared = self.shared(protocol, request.key_agreement.as_ref())?;
        if !shared.verify(&[encrypted.as_slice(), hash].concat(), param) {
            return Err(Status::PinAuthInvalid);
        }
        self.try_pin(protocol, &shared, hash)?;
        let pin = NewPin::unpadded(&shared.decrypt(encrypted)?, self.state())?;
        // CTAP §6.5.5.6: whoever has to change the PIN does not change it to itself.
        if self.state().settings.force_pin_change && pin.is_the_old_one(self.state()) {
            return Err(Status::PinPolicyViolation);
        }
        self.change(|state| pin.set_on(state))?;
        let (volatile, machine) = self.parts()?;
        volatile.pin_changed(machine);
        Ok(Response::default())
    }
}
