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
        let is_told = self.tells_serial(link)?;
        let now = self.now();
        let managed = &self.volatile()?.managed;
        let challenge_pending = managed.pending(Operation::Unlock, now).is_some();
        let last_receipt = managed.receipt;
        let state = self.state();
        let status = KeyStatus {
            serial: is_told.then(|| self.serial.clone()),
            pin_retries: Some(state.pin_retries),
            power_cycle: Some(power_cycle),
            unlock_seq: Some(state.unlock_seq),
            challenge_pending: Some(challenge_pending),
            last_receipt,
            ..self.of_management()
        };
        Ok(status.encode())
    }

    /// Over the air a serial number would make its holder traceable: it is told after a touch alone.
    ///
    /// # Errors
    /// `KEEPALIVE_CANCEL` when the request was taken back: whoever did that waits for no answer.
    fn tells_serial(&mut self, link: Link) -> Result<bool, Status> {
        if link != Link::Contactless {
            return Ok(true);
        }
        match self.need_touch(Occasion::ShowSerial) {
            Err(Status::KeepaliveCancel) => Err(Status::KeepaliveCancel),
            touched => Ok(touched.is_ok()),
        }
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
