//! What an order of the organisation does. Secrets are opened and checked before anybody is asked for a touch; then there
//! is one write.

use claviger_ctap::wire::Status;
use claviger_managed_key::message::{AdminOrder, PolicyChange, Request};

use super::super::super::client_pin::NewPin;
use super::super::unlock::count_unlock;
use super::policy::{check_limits, set_policy};
use crate::Authenticator;
use crate::secret::Secret;
use crate::state::{ADMIN_PIN_TRIES, ADMIN_TRIES, Management, State};
use crate::volatile::Enumeration;

/// An order with its secrets opened.
pub(super) enum Ready {
    ChangeKey { key: Secret<32>, version: u32 },
    SetAdminPin { hash: Secret<16> },
    Release,
    SetPolicy(PolicyChange),
    FactoryReset,
    SetPin { pin: NewPin, force_change: bool },
}

impl Authenticator {
    /// Opens an order's secrets.
    ///
    /// # Errors
    /// `INVALID_PARAMETER` for what cannot be opened or kept, `PIN_POLICY_VIOLATION` for a PIN that does not fit.
    pub(super) fn readied(&mut self, request: &Request<'_>, order: &AdminOrder) -> Result<Ready, Status> {
        Ok(match order {
            AdminOrder::ChangeKey { key_enc, version } => {
                let next = self.device_key()?.wrap_key(&self.serial).open_key(key_enc);
                // A version never repeats for a device, so the next one is above all before it.
                if version.get() <= self.state().highest_key_version() {
                    return Err(Status::InvalidParameter);
                }
                Ready::ChangeKey {
                    key: Secret::new(*next.using()),
                    version: version.get(),
                }
            }
            AdminOrder::SetAdminPin { admin_pin_enc } => {
                let pin = self.managed_secret(request)?.open_admin_pin(admin_pin_enc);
                let hash = Secret::new(*pin.ok_or(Status::InvalidParameter)?.hash());
                Ready::SetAdminPin { hash }
            }
            AdminOrder::Release => Ready::Release,
            AdminOrder::SetPolicy(change) => {
                let none = Vec::new();
                let rp_ids = change.rp_ids.as_ref().unwrap_or(&none);
                check_limits(rp_ids, change.allowed_rp_ids.as_ref().unwrap_or(&none))?;
                Ready::SetPolicy(change.clone())
            }
            AdminOrder::FactoryReset => Ready::FactoryReset,
            AdminOrder::SetPinByAdmin {
                new_pin_enc,
                force_pin_change,
            } => {
                let pin = self.managed_secret(request)?.open_pin(new_pin_enc);
                let pin = NewPin::checked(&pin.ok_or(Status::PinPolicyViolation)?, self.state())?;
                Ready::SetPin {
                    pin,
                    force_change: *force_pin_change,
                }
            }
        })
    }

    /// Carries an order out, with one write.
    pub(super) fn carry_out(&mut self, order: Ready) -> Result<(), Status> {
        match order {
            Ready::ChangeKey { key, version } => {
                self.change(|state| {
                    state.last_key_version = version;
                    if let Some(management) = &mut state.management {
                        management.device_key = key;
                        management.key_version = version;
                        management.admin_retries = ADMIN_TRIES;
                    }
                })?;
                self.forget_challenges()
            }
            Ready::SetAdminPin { hash } => self.change_management(|management| {
                management.admin_pin_hash = hash;
                management.admin_pin_retries = ADMIN_PIN_TRIES;
            }),
            Ready::Release => {
                self.change(State::release)?;
                self.forget_challenges()
            }
            Ready::SetPolicy(change) => {
                self.change(|state| set_policy(state, change))?;
                self.volatile()?.enumeration = Enumeration::Nothing;
                self.end_forced_tokens()
            }
            Ready::FactoryReset => self.forget_the_user(),
            Ready::SetPin { pin, force_change } => {
                self.change(|state| {
                    pin.set_on(state);
                    count_unlock(state);
                    state.settings.force_pin_change = force_change;
                })?;
                let (volatile, machine) = self.parts()?;
                volatile.pin_changed(machine);
                Ok(())
            }
        }
    }

    fn change_management(&mut self, change: impl FnOnce(&mut Management)) -> Result<(), Status> {
        self.change(|state| {
            if let Some(management) = &mut state.management {
                change(management);
            }
        })
    }
}
