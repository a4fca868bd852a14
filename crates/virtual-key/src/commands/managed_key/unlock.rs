//! `unlock`: a new PIN against a response, without losing a credential. The steps are numbered as in managed-key
//! protocol §4, and stand in its order: each refusal costs what the protocol says and no more.

use claviger_ctap::wire::Status;
use claviger_managed_key::Operation;
use claviger_managed_key::code::Challenge;
use claviger_managed_key::message::{Request, StatusCode, Unlock, Unlocked};

use super::super::client_pin::NewPin;
use super::status;
use crate::state::{ADMIN_TRIES, State};
use crate::{Authenticator, Occasion};

impl Authenticator {
    pub(super) fn unlock(&mut self, request: &Request<'_>, unlock: &Unlock) -> Result<Vec<u8>, Status> {
        // 1
        self.check_may_unlock()?;
        // 2
        let now = self.now();
        let pending = self.volatile()?.managed.pending(Operation::Unlock, now);
        let challenge = pending
            .map(|pending| pending.challenge)
            .ok_or(status(StatusCode::NoChallenge))?;
        // 3
        let secret = self.managed_secret(request)?;
        self.check_authenticated(request, &secret)?;
        // 4
        let pin = secret.open_pin(&unlock.new_pin_enc).ok_or(Status::PinPolicyViolation)?;
        let pin = NewPin::checked(&pin, self.state())?;
        // 5
        self.need_touch(Occasion::Unlock)?;
        // 6: the challenge is gone before the try is counted, so that pulling the plug here gives neither back.
        self.volatile()?.managed.drop_challenge(Operation::Unlock);
        self.change(|state| {
            if let Some(management) = &mut state.management {
                management.admin_retries = management.admin_retries.saturating_sub(1);
            }
        })?;
        // 7
        self.check_response(unlock, &challenge)?;
        // 8
        self.change(|state| {
            pin.set_on(state);
            count_unlock(state);
        })?;
        self.finish_unlock(&challenge)
    }

    fn check_may_unlock(&mut self) -> Result<(), Status> {
        let management = self.management()?;
        let only_when_blocked = management.policy.unlock_only_when_blocked;
        if management.admin_retries == 0 {
            return Err(status(StatusCode::AdminBlocked));
        }
        if self.volatile()?.managed.refuses_unlocks() {
            return Err(Status::PinAuthBlocked);
        }
        if only_when_blocked && self.state().pin_retries > 0 {
            return Err(Status::NotAllowed);
        }
        Ok(())
    }

    fn check_response(&mut self, unlock: &Unlock, challenge: &Challenge) -> Result<(), Status> {
        let key = self.device_key()?.unlock_key(&self.serial);
        if key.accepts(Operation::Unlock, &self.serial, challenge, unlock.response.using()) {
            return Ok(());
        }
        let (volatile, machine) = self.parts()?;
        volatile.managed.count_unlock_failure(machine);
        Err(status(StatusCode::WrongResponse))
    }

    fn finish_unlock(&mut self, challenge: &Challenge) -> Result<Vec<u8>, Status> {
        let key = self.device_key()?.unlock_key(&self.serial);
        let receipt = key.receipt(Operation::Unlock, &self.serial, challenge);
        let (volatile, machine) = self.parts()?;
        volatile.pin_changed(machine);
        volatile.managed.receipt = Some(receipt);
        let unlocked = Unlocked {
            receipt,
            unlock_seq: self.state().unlock_seq,
        };
        Ok(unlocked.encode())
    }
}

/// The part of step 8 that is not the PIN.
pub(super) const fn count_unlock(state: &mut State) {
    state.unlock_seq = state.unlock_seq.saturating_add(1);
    if let Some(management) = &mut state.management {
        management.admin_retries = ADMIN_TRIES;
    }
}
