//! Trying a PIN: the tries are counted before the PIN is looked at (CTAP §6.5.5.7.1 steps 4 to 9).

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;

use crate::Authenticator;
use crate::agreement::{Agreement, Shared};
use crate::state::PIN_TRIES;
use crate::volatile::MISMATCHES;

impl Authenticator {
    /// Whether a PIN may be tried at all.
    pub(super) fn may_try_pin(&mut self) -> Result<(), Status> {
        self.state().pin.as_ref().ok_or(Status::PinNotSet)?;
        if self.state().pin_retries == 0 {
            return Err(Status::PinBlocked);
        }
        if self.wants_power_cycle()? {
            return Err(Status::PinAuthBlocked);
        }
        Ok(())
    }

    /// Tries the PIN of which `encrypted` holds the hash. The try is gone before the PIN is compared, so that pulling the
    /// plug gives none back.
    pub(super) fn try_pin(&mut self, protocol: Protocol, shared: &Shared, encrypted: &[u8]) -> Result<(), Status> {
        self.may_try_pin()?;
        self.change(|state| state.pin_retries = state.pin_retries.saturating_sub(1))?;
        let hash = shared.decrypt(encrypted).ok();
        let pin = self.state().pin.as_ref();
        let is_right = pin.zip(hash).is_some_and(|(pin, hash)| pin.hash.is(&hash));
        if !is_right {
            return Err(self.mismatch(protocol)?);
        }
        self.volatile()?.pin_mismatches = 0;
        self.change(|state| state.pin_retries = PIN_TRIES)
    }

    fn mismatch(&mut self, protocol: Protocol) -> Result<Status, Status> {
        let fresh = Agreement::new(self.machine.as_mut());
        *self.agreement(protocol)? = fresh;
        let volatile = self.volatile()?;
        volatile.pin_mismatches = volatile.pin_mismatches.saturating_add(1);
        let wants_power_cycle = volatile.pin_mismatches >= MISMATCHES;
        Ok(match self.state().pin_retries {
            0 => Status::PinBlocked,
            _ if wants_power_cycle => Status::PinAuthBlocked,
            _ => Status::PinInvalid,
        })
    }
}
