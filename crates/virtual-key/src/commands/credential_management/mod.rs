//! `authenticatorCredentialManagement`: CTAP §6.8.

mod change;
mod enumerate;

use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::credential_management::{CredentialManagement, Response, SubCommand};

use super::protocol;
use crate::{Authenticator, limits};

impl Authenticator {
    /// Carries a subcommand out.
    pub(crate) fn credential_management(&mut self, request: &CredentialManagement) -> Result<Response, Status> {
        match request.sub_command {
            SubCommand::Metadata => {
                self.check_manager(request, None)?;
                Ok(self.metadata())
            }
            SubCommand::RelyingParties => self.relying_parties(request),
            SubCommand::NextRelyingParty => self.next_relying_party(),
            SubCommand::Credentials => self.credentials_of(request),
            SubCommand::NextCredential => self.next_credential(),
            SubCommand::Delete => self.delete_credential(request),
            SubCommand::UpdateUser => self.update_user(request),
            SubCommand::Other(_) => Err(Status::InvalidSubcommand),
        }
    }

    fn metadata(&self) -> Response {
        Response {
            existing_credentials: Some(limits::existing(self.state())),
            remaining_credentials: Some(limits::remaining(self.state())),
            ..Response::default()
        }
    }

    /// Whether the token may manage credentials, of this relying party or of all. One that is bound to a relying party
    /// manages that one's alone.
    fn check_manager(&mut self, request: &CredentialManagement, rp_id: Option<&str>) -> Result<(), Status> {
        let param = request.pin_uv_auth_param.as_ref().ok_or(Status::PuatRequired)?;
        let protocol = protocol(request.protocol)?;
        let now = self.now();
        let tokens = &mut self.volatile()?.tokens;
        let permission = Permissions::CREDENTIAL_MANAGEMENT;
        let used = tokens.verified(protocol, &request.authenticated(), param, permission, now)?;
        match used.rp_id() {
            Some(bound) if Some(bound) != rp_id => Err(Status::PinAuthInvalid),
            _ => Ok(()),
        }
    }
}
