//! Tokens for whoever knows the PIN: CTAP §6.5.5.7.

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::client_pin::{ClientPin, Permissions, Response};

use super::{need, protocol};
use crate::Authenticator;

/// Permissions of the token of CTAP 2.0, bound to the relying party of its first use (§6.5.5.7.1 step 12).
fn of_old() -> Permissions {
    Permissions::MAKE_CREDENTIAL | Permissions::GET_ASSERTION
}

/// Permissions that this key knows.
fn known() -> Permissions {
    of_old() | Permissions::CREDENTIAL_MANAGEMENT | Permissions::LARGE_BLOB_WRITE | Permissions::AUTHENTICATOR_CONFIG
}

impl Authenticator {
    /// `getPinToken`: §6.5.5.7.1.
    pub(super) fn pin_token(&mut self, request: &ClientPin) -> Result<Response, Status> {
        if request.permissions.is_some() || request.rp_id.is_some() {
            return Err(Status::InvalidParameter);
        }
        self.checked_token(request, of_old(), Status::PinInvalid)
    }

    /// `getPinUvAuthTokenUsingPinWithPermissions`: §6.5.5.7.2.
    pub(super) fn token_using_pin(&mut self, request: &ClientPin) -> Result<Response, Status> {
        let permissions = request.permissions.ok_or(Status::MissingParameter)?;
        if permissions.is_empty() {
            return Err(Status::InvalidParameter);
        }
        if !known().contains(permissions) {
            return Err(Status::UnauthorizedPermission);
        }
        let needs_rp =
            permissions.contains(Permissions::MAKE_CREDENTIAL) || permissions.contains(Permissions::GET_ASSERTION);
        if needs_rp && request.rp_id.is_none() {
            return Err(Status::MissingParameter);
        }
        self.checked_token(request, permissions, Status::PinPolicyViolation)
    }

    /// A token for the right PIN; `forced` is answered when the PIN has to be changed first.
    fn checked_token(
        &mut self,
        request: &ClientPin,
        permissions: Permissions,
        forced: Status,
    ) -> Result<Response, Status> {
        let protocol = protocol(request.protocol)?;
        let hash = need(request.pin_hash_enc.as_ref())?;
        need(request.key_agreement.as_ref())?;
        self.may_try_pin()?;
        let shared = self.shared(protocol, request.key_agreement.as_ref())?;
        self.try_pin(protocol, &shared, hash)?;
        if self.state().settings.force_pin_change {
            return Err(forced);
        }
        let token = self.begin_token(protocol, permissions, request.rp_id.clone())?;
        Ok(Response {
            pin_uv_auth_token: Some(shared.encrypt(token.bytes(), self.machine.as_mut())?),
            ..Response::default()
        })
    }

    fn begin_token(
        &mut self,
        protocol: Protocol,
        permissions: Permissions,
        rp_id: Option<String>,
    ) -> Result<crate::Secret<32>, Status> {
        let (volatile, machine) = self.parts()?;
        Ok(volatile.tokens.begin(protocol, permissions, rp_id, machine).clone())
    }
}
