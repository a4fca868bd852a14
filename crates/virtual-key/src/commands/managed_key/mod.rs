//! The managed-key command: managed-key protocol §3. One module for each subcommand.

mod admin;
mod admin_pin;
mod agreement;
mod challenge;
mod enrol;
mod status;
mod unlock;

use claviger_ctap::wire::Status;
use claviger_managed_key::keys::DeviceKey;
use claviger_managed_key::message::{Command, MessageFault, Request, StatusCode};
use zeroize::Zeroizing;

use crate::state::Management;
use crate::{Authenticator, Link};

impl Authenticator {
    /// Carries a subcommand out. The answer is whole, its status included.
    pub(crate) fn managed_key(&mut self, message: &[u8], link: Link) -> Result<Vec<u8>, Status> {
        let request = Request::parse(message).map_err(|fault: MessageFault| status(fault.status()))?;
        match &request.command {
            Command::GetStatus => self.key_status(link),
            Command::GetKeyAgreement { nonce } => self.managed_agreement(nonce, link),
            Command::Enrol(enrol) => self.enrol(&request, enrol),
            Command::GetChallenge { operation, renew } => self.challenge(*operation, *renew, link),
            Command::Unlock(unlock) => self.unlock(&request, unlock),
            Command::Admin(order) => self.admin_command(&request, order),
            Command::AdminPinLogin { admin_pin_hash_enc } => self.admin_pin_login(&request, admin_pin_hash_enc),
        }
    }

    /// What enrolment left here.
    ///
    /// # Errors
    /// `NOT_ALLOWED` for a key that nobody manages.
    fn management(&self) -> Result<&Management, Status> {
        self.state().management.as_ref().ok_or(Status::NotAllowed)
    }

    fn device_key(&self) -> Result<DeviceKey, Status> {
        let management = self.management()?;
        Ok(DeviceKey::new(Zeroizing::new(*management.device_key.bytes())))
    }
}

/// A status of the managed-key protocol as CTAP has it: the same byte.
fn status(code: StatusCode) -> Status {
    Status::from(code.code())
}
