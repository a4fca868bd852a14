//! Relying parties: what they ask of a key, and how they judge its answers.

use claviger_ctap::pin::PinUvAuthToken;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::AuthenticatorData;
use claviger_ctap::wire::cose::{CredentialKey, EDDSA, ES256};
use claviger_ctap::wire::entities::{Descriptor, Parameter, RelyingParty, User};
use claviger_ctap::wire::get_assertion::{self, GetAssertion};
use claviger_ctap::wire::make_credential::{self, MakeCredential, Options};

use crate::key::Key;

pub(crate) const RP: &str = "example.com";
pub(crate) const HASH: [u8; 32] = [7; 32];

/// A credential as its relying party keeps it.
#[derive(Clone)]
pub(crate) struct Registered {
    pub(crate) rp_id: String,
    pub(crate) id: Vec<u8>,
    pub(crate) key: CredentialKey,
}

/// A request for a credential, as most relying parties make it.
pub(crate) fn creation(rp_id: &str, user: &[u8]) -> MakeCredential {
    MakeCredential {
        client_data_hash: HASH,
        rp: RelyingParty {
            id: rp_id.to_owned(),
            name: Some("Example".to_owned()),
        },
        user: User {
            id: user.to_vec(),
            name: Some("user@example.com".to_owned()),
            display_name: Some("A User".to_owned()),
        },
        parameters: vec![Parameter::public_key(ES256), Parameter::public_key(EDDSA)],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options::default(),
        pin_uv_auth_param: None,
        protocol: None,
        enterprise_attestation: None,
        attestation_formats_preference: Vec::new(),
    }
}

/// The same for a credential that the key finds by itself.
pub(crate) fn discoverable(rp_id: &str, user: &[u8]) -> MakeCredential {
    let mut request = creation(rp_id, user);
    request.options.discoverable = Some(true);
    request
}

/// A request for a signature.
pub(crate) fn sign_in(rp_id: &str, allowed: &[&Registered]) -> GetAssertion {
    GetAssertion {
        rp_id: rp_id.to_owned(),
        client_data_hash: HASH,
        allow_list: allowed
            .iter()
            .map(|own| Descriptor::public_key(own.id.clone()))
            .collect(),
        extensions: None,
        options: Options::default(),
        pin_uv_auth_param: None,
        protocol: None,
    }
}

pub(crate) fn creation_with(mut request: MakeCredential, token: &PinUvAuthToken) -> MakeCredential {
    request.pin_uv_auth_param = Some(token.authenticate(&request.client_data_hash));
    request.protocol = Some(token.protocol().number());
    request
}

pub(crate) fn sign_in_with(mut request: GetAssertion, token: &PinUvAuthToken) -> GetAssertion {
    request.pin_uv_auth_param = Some(token.authenticate(&request.client_data_hash));
    request.protocol = Some(token.protocol().number());
    request
}

/// What the relying party learns from a new credential.
pub(crate) fn registered(rp_id: &str, response: &make_credential::Response) -> Registered {
    let data = AuthenticatorData::decode(&response.auth_data).unwrap();
    let attested = data.attested.unwrap();
    Registered {
        rp_id: rp_id.to_owned(),
        id: attested.credential_id,
        key: attested.public_key,
    }
}

/// Judges a signature as WebAuthn §7.2 does, and gives the authenticator data.
pub(crate) fn judged(own: &Registered, response: &get_assertion::Response) -> AuthenticatorData {
    let message = [response.auth_data.as_slice(), &HASH].concat();
    assert!(
        is_signed(&own.key, &message, &response.signature),
        "the signature is not the credential's"
    );
    AuthenticatorData::decode(&response.auth_data).unwrap()
}

pub(crate) fn is_signed(key: &CredentialKey, message: &[u8], signature: &[u8]) -> bool {
    match key {
        CredentialKey::Es256 { x, y } => {
            use p256::ecdsa::signature::Verifier as _;
            let point = [&[4][..], x, y].concat();
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
            p256::ecdsa::Signature::from_der(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        CredentialKey::Ed25519 { x } => {
            use ed25519_dalek::Verifier as _;
            let key = ed25519_dalek::VerifyingKey::from_bytes(x).unwrap();
            ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok())
        }
        CredentialKey::Other(_) => false,
    }
}

impl Key {
    pub(crate) fn register(&mut self, request: &MakeCredential) -> Result<Registered, Status> {
        let response = self.call(request)?;
        Ok(registered(&request.rp.id, &response))
    }
}
