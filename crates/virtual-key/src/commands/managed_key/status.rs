//! `getStatus`: what anybody may know of a managed key.

use claviger_ctap::wire::Status;
use claviger_managed_key::Operation;
use claviger_managed_key::keys::KeyVersion;
use claviger_managed_key::message::{KeyStatus, ManagementState, Policy};

use crate::state::Management;
use crate::{Authenticator, Link, Occasion};

impl Authenticator {
    pub(super) fn key_status(&mut self, link: Link) -> Result<Vec<u8>, Status> {
        let power_cycle = self.wants_power_cycle()?;
        // Whoever took the request back waits for no answer; whoever does not touch the key gets what all keys may tell.
        let is_known = match self.make_known(link) {
            Err(Status::KeepaliveCancel) => return Err(Status::KeepaliveCancel),
            made => made.is_ok(),
        };
        let now = self.now();
        let managed = &self.volatile()?.managed;
        let challenge_pending = managed.pending(Operation::Unlock, now).is_some();
        let last_receipt = managed.receipt;
        let whole = KeyStatus {
            serial: Some(self.serial.clone()),
            pin_retries: Some(self.state().pin_retries),
            power_cycle: Some(power_cycle),
            unlock_seq: Some(self.state().unlock_seq),
            challenge_pending: Some(challenge_pending),
            last_receipt,
            ..self.of_management()
        };
        let status = if is_known { whole } else { nameless(&whole) };
        Ok(status.encode())
    }

    /// Over the air, whatever tells a key from others would make its holder traceable. It is given after a touch alone;
    /// one touch serves until the power goes (ADR 0023).
    ///
    /// # Errors
    /// As [`Authenticator::need_touch`].
    pub(super) fn make_known(&mut self, link: Link) -> Result<(), Status> {
        if link == Link::Contactless && !self.volatile()?.managed.is_known {
            self.need_touch(Occasion::ShowSerial)?;
            self.volatile()?.managed.is_known = true;
        }
        Ok(())
    }

    fn of_management(&self) -> KeyStatus {
        let Some(management) = &self.state().management else {
            return KeyStatus::new(ManagementState::Unmanaged);
        };
        let state = match management.admin_retries {
            0 => ManagementState::AdminBlocked,
            _ => ManagementState::Managed,
        };
        KeyStatus {
            admin_retries: Some(management.admin_retries),
            admin_pin_retries: Some(management.admin_pin_retries),
            key_version: KeyVersion::new(management.key_version),
            kcv: self.device_key().ok().map(|key| key.kcv()),
            policy: Some(self.told(management)),
            ..KeyStatus::new(state)
        }
    }

    /// The policy as it is told. A forced change of the PIN is over once it was changed, so the state of it is told.
    fn told(&self, management: &Management) -> Policy {
        let policy = &management.policy;
        Policy {
            min_pin_length: policy.min_pin_length,
            rp_ids: policy.rp_ids.clone(),
            force_pin_change: self.state().settings.force_pin_change,
            always_uv: policy.always_uv,
            enterprise_attestation: policy.enterprise_attestation,
            reset_disabled: policy.reset_disabled,
            unlock_only_when_blocked: policy.unlock_only_when_blocked,
            allowed_rp_ids: policy.allowed_rp_ids.clone(),
        }
    }
}

/// A status without what tells the key from others of its model in the same state.
fn nameless(whole: &KeyStatus) -> KeyStatus {
    KeyStatus {
        serial: None,
        key_version: None,
        kcv: None,
        unlock_seq: None,
        policy: None,
        last_receipt: None,
        ..*whole
    }
}
