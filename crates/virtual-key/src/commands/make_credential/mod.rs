//! `authenticatorMakeCredential`: CTAP §6.1.

mod attest;
mod extensions;

use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::{AttestedCredential, AuthenticatorData};
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::entities::{PUBLIC_KEY, Parameter};
use claviger_ctap::wire::make_credential::{MakeCredential, Response};
use sha2::{Digest as _, Sha256};

use super::user_verification::{Claim, check_uv_option, flags};
use crate::attestation::AAGUID;
use crate::crypto::{Algorithm, CredentialId, Parts, Verified};
use crate::state::Credential;
use crate::{Authenticator, Occasion, limits};
use attest::Attesting;
use extensions::Wanted;

impl Authenticator {
    /// Makes a credential.
    pub(crate) fn make_credential(&mut self, request: &MakeCredential) -> Result<Response, Status> {
        let claim = Claim {
            rp_id: &request.rp.id,
            client_data_hash: &request.client_data_hash,
            param: request.pin_uv_auth_param.as_deref(),
            protocol: request.protocol,
            permission: Permissions::MAKE_CREDENTIAL,
            occasion: Occasion::Register,
        };
        self.only_touch(&claim)?;
        let algorithm = chosen(&request.parameters)?;
        let is_discoverable = request.options.discoverable == Some(true);
        check_uv_option(request.options, claim.param)?;
        if request.options.user_presence == Some(false) {
            return Err(Status::InvalidOption);
        }
        self.check_verification_needed(&claim, is_discoverable)?;
        let attesting = self.attesting(request.enterprise_attestation)?;
        let verified = self.verified_user(&claim)?;
        if !self.state().serves(&request.rp.id) {
            return Err(Status::OperationDenied);
        }
        self.check_excluded(request, verified)?;
        let wanted = Wanted::of(request, self.state())?;
        self.present_user(Occasion::Register)?;
        let parts = Parts {
            algorithm,
            protection: wanted.protection,
            is_discoverable,
        };
        self.create(request, parts, &wanted, attesting, verified)
    }

    /// Whether a token is needed and missing (CTAP §6.1.2 steps 6 to 8).
    fn check_verification_needed(&self, claim: &Claim<'_>, is_discoverable: bool) -> Result<(), Status> {
        let state = self.state();
        let is_needed = state.settings.always_uv || state.pin.is_some() && is_discoverable;
        if claim.param.is_none() && is_needed {
            return Err(Status::PuatRequired);
        }
        Ok(())
    }

    /// A credential that the relying party does not want twice on one key (CTAP §6.1.2 step 12). The user has to touch
    /// before the program learns that it is here.
    fn check_excluded(&mut self, request: &MakeCredential, verified: Verified) -> Result<(), Status> {
        let state = self.state();
        let of_kind = request
            .exclude_list
            .iter()
            .filter(|descriptor| descriptor.kind == PUBLIC_KEY);
        let mut known = of_kind.filter_map(|descriptor| state.credential_id(&request.rp.id, &descriptor.id));
        // CTAP §12.1: one that needs verification hides from whoever was not verified.
        if known.any(|id| id.parts.protection < 3 || verified == Verified::User) {
            self.present_user(Occasion::Register)?;
            return Err(Status::CredentialExcluded);
        }
        Ok(())
    }

    fn create(
        &mut self,
        request: &MakeCredential,
        parts: Parts,
        wanted: &Wanted,
        attesting: Attesting,
        verified: Verified,
    ) -> Result<Response, Status> {
        let master = self.state().master.clone();
        let id = CredentialId::new(&master, &request.rp.id, parts, self.machine.as_mut());
        let large_blob_key = wanted.large_blob_key(self.machine.as_mut());
        let key = large_blob_key.as_ref().map(|key| *key.bytes());
        if parts.is_discoverable {
            let credential = discoverable(request, &id, wanted, large_blob_key);
            self.keep(credential)?;
        }
        let auth_data = AuthenticatorData {
            rp_id_hash: Sha256::digest(request.rp.id.as_bytes()).into(),
            flags: flags(true, verified),
            sign_count: self.state().signatures,
            attested: Some(AttestedCredential {
                aaguid: AAGUID,
                credential_id: id.bytes().to_vec(),
                public_key: id.private_key(&master).public(),
            }),
            extensions: wanted.outputs(),
        };
        Ok(self.attested(&auth_data.encode(), &request.client_data_hash, attesting, key))
    }

    /// Stores a discoverable credential. One for the same account is replaced (CTAP §6.1.2 step 17).
    fn keep(&mut self, credential: Credential) -> Result<(), Status> {
        let is_same = |own: &Credential| own.rp_id == credential.rp_id && own.user_id == credential.user_id;
        let replaces = self.state().credentials.iter().any(is_same);
        if !replaces && limits::remaining(self.state()) == 0 {
            return Err(Status::KeyStoreFull);
        }
        self.change(|state| {
            state
                .credentials
                .retain(|own| own.rp_id != credential.rp_id || own.user_id != credential.user_id);
            state.credentials.push(credential);
        })
    }
}

/// The first algorithm of the relying party's that the key has (CTAP §6.1.2 step 3).
fn chosen(parameters: &[Parameter]) -> Result<Algorithm, Status> {
    let of_kind = parameters.iter().filter(|parameter| parameter.kind == PUBLIC_KEY);
    let mut known =
        of_kind.filter_map(|parameter| Algorithm::ALL.into_iter().find(|own| own.cose() == parameter.algorithm));
    known.next().ok_or(Status::UnsupportedAlgorithm)
}

fn discoverable(
    request: &MakeCredential,
    id: &CredentialId,
    wanted: &Wanted,
    large_blob_key: Option<crate::Secret<32>>,
) -> Credential {
    Credential {
        id: id.bytes().to_vec(),
        rp_id: request.rp.id.clone(),
        rp_name: request.rp.name.clone(),
        user_id: request.user.id.clone(),
        user_name: request.user.name.clone(),
        user_display_name: request.user.display_name.clone(),
        large_blob_key,
        blob: wanted.kept_blob(),
    }
}
