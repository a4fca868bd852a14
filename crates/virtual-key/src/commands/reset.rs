//! `authenticatorReset`: CTAP §6.6, and what management keeps of it (managed-key protocol §3).

use std::time::Duration;

use claviger_ctap::wire::{Nothing, Status};

use crate::{Authenticator, Occasion};

/// A reset is taken only so soon after power-up, so that no program resets a key that lies plugged in.
const WINDOW: Duration = Duration::from_secs(10);

impl Authenticator {
    /// Forgets all credentials and the PIN.
    ///
    /// # Errors
    /// `OPERATION_DENIED` when the policy disables resets or the user refuses, `NOT_ALLOWED` after ten seconds.
    pub(crate) fn reset(&mut self) -> Result<Nothing, Status> {
        let management = self.state().management.as_ref();
        if management.is_some_and(|management| management.policy.reset_disabled) {
            return Err(Status::OperationDenied);
        }
        if self.since_power_up()? > WINDOW {
            return Err(Status::NotAllowed);
        }
        self.need_touch(Occasion::Reset)?;
        self.forget_the_user()?;
        Ok(Nothing)
    }

    /// How long the power has been on.
    pub(crate) fn since_power_up(&mut self) -> Result<Duration, Status> {
        let now = self.now();
        Ok(now.saturating_sub(self.volatile()?.since))
    }

    /// One write: credentials, PIN, large blobs and settings of the user are gone. Challenges and tokens die with it.
    pub(crate) fn forget_the_user(&mut self) -> Result<(), Status> {
        let next = self.store.state().after_reset(self.machine.as_mut());
        self.replace(next)?;
        let (volatile, machine) = self.parts()?;
        volatile.renew(machine);
        Ok(())
    }
}
