//! `enrol`: the organisation takes the key into its management.

use std::time::Duration;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_managed_key::message::{Enrol, Enrolled, Request};

use super::admin::{check_limits, policy};
use crate::secret::Secret;
use crate::state::{ADMIN_PIN_TRIES, ADMIN_TRIES, Management};
use crate::{Authenticator, Occasion};

/// How soon after power-up a key that is nobody's may be enrolled without its PIN.
const WINDOW: Duration = Duration::from_secs(10);

impl Authenticator {
    pub(super) fn enrol(&mut self, request: &Request<'_>, enrol: &Enrol) -> Result<Vec<u8>, Status> {
        if self.state().management.is_some() {
            return Err(Status::NotAllowed);
        }
        self.check_may_enrol(request)?;
        let secret = self.managed_secret(request)?;
        self.check_authenticated(request, &secret)?;
        let device_key = secret.open_key(&enrol.key_enc);
        let admin_pin = secret
            .open_admin_pin(&enrol.admin_pin_enc)
            .ok_or(Status::InvalidParameter)?;
        let key_version = enrol.key_version.get();
        // A version never repeats for a device, not even after a release.
        if key_version <= self.state().highest_key_version() {
            return Err(Status::InvalidParameter);
        }
        check_limits(&enrol.policy.rp_ids, &enrol.policy.allowed_rp_ids)?;
        self.need_touch(Occasion::Enrol)?;
        let management = Management {
            device_key: Secret::new(*device_key.using()),
            key_version,
            admin_pin_hash: Secret::new(*admin_pin.hash()),
            admin_retries: ADMIN_TRIES,
            admin_pin_retries: ADMIN_PIN_TRIES,
            policy: policy(&enrol.policy),
        };
        let forces = enrol.policy.force_pin_change;
        self.change(|state| {
            state.settings.obey(&management.policy);
            state.settings.force_pin_change |= forces && state.pin.is_some();
            state.force_change_of_short_pin();
            state.last_key_version = key_version;
            state.management = Some(management);
        })?;
        self.forget_challenges()?;
        self.end_forced_tokens()?;
        let enrolled = Enrolled { kcv: device_key.kcv() };
        Ok(enrolled.encode())
    }

    /// Either the key is nobody's and was just plugged in, or its user agrees with the PIN (managed-key protocol §3).
    fn check_may_enrol(&mut self, request: &Request<'_>) -> Result<(), Status> {
        if request.pin_token_auth.is_some() {
            let now = self.now();
            let tokens = &mut self.volatile()?.tokens;
            let secret = tokens.in_use(Protocol::Two, Permissions::AUTHENTICATOR_CONFIG, now);
            let is_right = secret.is_some_and(|secret| request.is_authenticated_by_pin_token(secret.bytes()));
            if !is_right {
                return self.fail_managed();
            }
            tokens.touched();
            return Ok(());
        }
        let is_unused = self.state().pin.is_none() && self.state().credentials.is_empty();
        let is_new = is_unused && self.since_power_up()? <= WINDOW;
        if is_new { Ok(()) } else { Err(Status::NotAllowed) }
    }

    /// Drops challenges and admin tokens: they hung on another management key, or on none.
    pub(super) fn forget_challenges(&mut self) -> Result<(), Status> {
        let (volatile, machine) = self.parts()?;
        volatile.managed.forget(machine);
        Ok(())
    }
}
