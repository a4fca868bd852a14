//! Making one assertion: CTAP §6.2.2 steps 11 to 13.

use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::{AuthenticatorData, USER_VERIFIED};
use claviger_ctap::wire::entities::{Descriptor, User};
use claviger_ctap::wire::extensions;
use claviger_ctap::wire::get_assertion::Response;
use sha2::{Digest as _, Sha256};

use super::find::Found;
use crate::Authenticator;
use crate::state::Credential;

/// What is signed, with whichever credential.
pub(crate) struct Signing {
    pub(crate) rp_id: String,
    pub(crate) client_data_hash: [u8; 32],
    pub(crate) flags: u8,
    pub(crate) extensions: extensions::Assertion,
}

impl Authenticator {
    /// Signs with a credential. The signature is counted before it is made, so that no count is seen twice.
    pub(super) fn signed(
        &mut self,
        signing: &Signing,
        found: &Found,
        is_one_of_many: bool,
    ) -> Result<Response, Status> {
        let extensions = self.assertion_outputs(signing, found)?;
        self.change(|state| {
            state.count_signature();
        })?;
        let state = self.state();
        let auth_data = AuthenticatorData {
            rp_id_hash: Sha256::digest(signing.rp_id.as_bytes()).into(),
            flags: signing.flags,
            sign_count: state.signatures,
            attested: None,
            extensions,
        };
        let auth_data = auth_data.encode();
        let message = [auth_data.as_slice(), &signing.client_data_hash].concat();
        let signature = found.id.private_key(&state.master).sign(&message);
        let is_verified = signing.flags & USER_VERIFIED != 0;
        let wants_large_blob_key = signing.extensions.large_blob_key == Some(true);
        let kept = found.kept.as_ref();
        let large_blob_key = kept
            .and_then(|kept| kept.large_blob_key.as_ref())
            .filter(|_| wants_large_blob_key);
        Ok(Response {
            credential: Some(Descriptor::public_key(found.id.bytes().to_vec())),
            auth_data,
            signature,
            user: kept.map(|kept| user(kept, is_verified && is_one_of_many)),
            number_of_credentials: None,
            user_selected: None,
            large_blob_key: large_blob_key.map(|key| (*key.bytes()).into()),
        })
    }
}

/// The account. Names stay on the key unless the user was verified and has to choose (CTAP §6.2.2, "user").
fn user(kept: &Credential, with_names: bool) -> User {
    User {
        id: kept.user_id.clone(),
        name: kept.user_name.clone().filter(|_| with_names),
        display_name: kept.user_display_name.clone().filter(|_| with_names),
    }
}
