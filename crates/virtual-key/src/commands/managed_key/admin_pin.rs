//! `adminPinLogin`: physical admin mode, for whoever holds the key and knows its admin PIN.

use claviger_ctap::wire::Status;
use claviger_managed_key::message::{AdminLogin, Request};

use crate::state::ADMIN_PIN_TRIES;
use crate::{Authenticator, Occasion};

impl Authenticator {
    /// Gives an admin token out. A try is counted after the touch and before the PIN is compared.
    pub(super) fn admin_pin_login(&mut self, request: &Request<'_>, hash_enc: &[u8; 32]) -> Result<Vec<u8>, Status> {
        if self.management()?.admin_pin_retries == 0 {
            return Err(Status::PinBlocked);
        }
        if self.volatile()?.managed.refuses_admin_pins() {
            return Err(Status::PinAuthBlocked);
        }
        let secret = self.managed_secret(request)?;
        let hash = secret.open_admin_pin_hash(hash_enc);
        self.need_touch(Occasion::Administer)?;
        self.set_admin_pin_retries(|left| left.saturating_sub(1))?;
        if !self.management()?.admin_pin_hash.is(hash.as_slice()) {
            return Err(self.wrong_admin_pin()?);
        }
        self.set_admin_pin_retries(|_| ADMIN_PIN_TRIES)?;
        let mut iv = [0; 16];
        self.machine.entropy(&mut iv);
        let (volatile, machine) = self.parts()?;
        let token = volatile.managed.begin_session(machine);
        let login = AdminLogin {
            admin_token_enc: secret.seal_admin_token(iv, token.bytes()),
        };
        Ok(login.encode())
    }

    fn wrong_admin_pin(&mut self) -> Result<Status, Status> {
        let (volatile, machine) = self.parts()?;
        volatile.managed.count_admin_pin_failure(machine);
        let wants_power_cycle = volatile.managed.refuses_admin_pins();
        Ok(match self.management()?.admin_pin_retries {
            0 => Status::PinBlocked,
            _ if wants_power_cycle => Status::PinAuthBlocked,
            _ => Status::PinInvalid,
        })
    }

    fn set_admin_pin_retries(&mut self, of: impl FnOnce(u8) -> u8) -> Result<(), Status> {
        self.change(|state| {
            if let Some(management) = &mut state.management {
                management.admin_pin_retries = of(management.admin_pin_retries);
            }
        })
    }
}
