//! `authenticatorGetAssertion` and `authenticatorGetNextAssertion`: CTAP §6.2, §6.3.

mod extensions;
mod find;
mod next;
mod sign;

use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::get_assertion::{GetAssertion, Response};

use super::user_verification::{Claim, check_uv_option, flags};
use crate::{Authenticator, Occasion};

pub(crate) use sign::Signing;

impl Authenticator {
    /// Signs with a credential; when several fit, with the newest, and the others wait for `getNextAssertion`.
    pub(crate) fn get_assertion(&mut self, request: GetAssertion) -> Result<Response, Status> {
        let claim = Claim {
            rp_id: &request.rp_id,
            client_data_hash: &request.client_data_hash,
            param: request.pin_uv_auth_param.as_deref(),
            protocol: request.protocol,
            permission: Permissions::GET_ASSERTION,
            occasion: Occasion::SignIn,
        };
        self.only_touch(&claim)?;
        if request.options.discoverable.is_some() {
            return Err(Status::UnsupportedOption);
        }
        check_uv_option(request.options, claim.param)?;
        let wants_touch = request.options.user_presence != Some(false);
        // CTAP §7.2.4: always means wherever the user is asked for at all.
        if self.state().settings.always_uv && wants_touch && claim.param.is_none() {
            return Err(Status::PuatRequired);
        }
        let verified = self.verified_user(&claim)?;
        if !self.state().serves(&request.rp_id) {
            return Err(Status::OperationDenied);
        }
        let extensions = request.extensions.unwrap_or_default();
        // CTAP §12.5: a secret is not handed out to whoever comes by.
        if extensions.hmac_secret.is_some() && !wants_touch {
            return Err(Status::UnsupportedOption);
        }
        let mut found = self.found(&request.rp_id, &request.allow_list, verified);
        let first = found.pop_front().ok_or(Status::NoCredentials)?;
        if wants_touch {
            self.present_user(Occasion::SignIn)?;
        }
        let signing = Signing {
            rp_id: request.rp_id,
            client_data_hash: request.client_data_hash,
            flags: flags(wants_touch, verified),
            extensions,
        };
        let others = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let mut response = self.signed(&signing, &first, others > 0)?;
        if others > 0 {
            response.number_of_credentials = Some(others.saturating_add(1));
            self.remember(signing, found)?;
        }
        Ok(response)
    }
}
