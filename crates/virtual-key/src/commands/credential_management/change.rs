//! Deleting a credential and correcting its user: CTAP §6.8.5, §6.8.6.

use claviger_ctap::wire::Status;
use claviger_ctap::wire::cbor::Fault;
use claviger_ctap::wire::credential_management::{CredentialManagement, Params, Response};

use crate::Authenticator;

impl Authenticator {
    pub(super) fn delete_credential(&mut self, request: &CredentialManagement) -> Result<Response, Status> {
        let (id, _) = self.managed_credential(request)?;
        self.change(|state| state.credentials.retain(|own| own.id != id))?;
        Ok(Response::default())
    }

    pub(super) fn update_user(&mut self, request: &CredentialManagement) -> Result<Response, Status> {
        let (id, params) = self.managed_credential(request)?;
        let user = params.user.ok_or(Status::MissingParameter)?;
        let own = self.state().credentials.iter().find(|own| own.id == id);
        if own.is_none_or(|own| own.user_id != user.id) {
            return Err(Status::InvalidParameter);
        }
        let said = |name: Option<String>| name.filter(|name| !name.is_empty());
        let (name, display_name) = (said(user.name), said(user.display_name));
        self.change(|state| {
            for own in state.credentials.iter_mut().filter(|own| own.id == id) {
                own.user_name.clone_from(&name);
                own.user_display_name.clone_from(&display_name);
            }
        })?;
        Ok(Response::default())
    }

    /// The credential that a request is about, when its token may manage it.
    fn managed_credential(&mut self, request: &CredentialManagement) -> Result<(Vec<u8>, Params), Status> {
        let params = request.params().map_err(Fault::status)?;
        let id = params
            .credential_id
            .as_ref()
            .ok_or(Status::MissingParameter)?
            .id
            .clone();
        let own = self.state().credentials.iter().find(|own| own.id == id);
        let rp_id = own.map(|own| own.rp_id.clone());
        self.check_manager(request, rp_id.as_deref())?;
        rp_id.ok_or(Status::NoCredentials)?;
        Ok((id, params))
    }
}
