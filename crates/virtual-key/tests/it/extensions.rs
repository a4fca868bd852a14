//! Extensions: CTAP §12.

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::AuthenticatorData;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::extensions::{Assertion, BlobOutput, Creation, HmacSecret, Outputs, SecretOutput};
use claviger_ctap::wire::make_credential::MakeCredential;

use crate::key::Key;
use crate::services::{RP, Registered, creation, discoverable, registered, sign_in, sign_in_with};

fn with(mut request: MakeCredential, extensions: Creation) -> MakeCredential {
    request.extensions = Some(extensions);
    request
}

fn made(key: &mut Key, request: &MakeCredential) -> (Registered, Outputs) {
    let response = key.call(request).unwrap();
    let outputs = AuthenticatorData::decode(&response.auth_data).unwrap().extensions;
    (registered(RP, &response), outputs.unwrap_or_default())
}

/// The secret for a salt, with the PIN or without.
pub(crate) fn secret(key: &mut Key, own: &Registered, salt: &[u8], verified: bool) -> Vec<u8> {
    let token = verified.then(|| key.token(Permissions::GET_ASSERTION, Some(&own.rp_id)));
    let (ours, shared) = key.agree(Protocol::Two);
    let salt_enc = key.encrypt(&shared, salt);
    let mut request = sign_in(&own.rp_id, &[own]);
    request.extensions = Some(Assertion {
        hmac_secret: Some(HmacSecret {
            key_agreement: ours,
            salt_auth: shared.authenticate(&salt_enc),
            salt_enc,
            protocol: Some(2),
        }),
        ..Assertion::default()
    });
    if let Some(token) = token {
        request = sign_in_with(request, &token);
    }
    let response = key.call(&request).unwrap();
    let outputs = AuthenticatorData::decode(&response.auth_data)
        .unwrap()
        .extensions
        .unwrap();
    let Some(SecretOutput::Encrypted(encrypted)) = outputs.hmac_secret else {
        panic!("no secret")
    };
    shared.decrypt(&encrypted).unwrap().to_vec()
}

#[test]
fn hmac_secrets_differ_by_salt_credential_and_verification() {
    let mut key = Key::with_pin();
    let wanted = || Creation {
        hmac_secret: Some(true),
        ..Creation::default()
    };
    let (own, outputs) = made(&mut key, &with(creation(RP, b"a"), wanted()));
    assert_eq!(outputs.hmac_secret, Some(SecretOutput::Made(true)));
    let (other, _) = made(&mut key, &with(creation(RP, b"b"), wanted()));
    let first = secret(&mut key, &own, &[1; 32], false);
    assert_eq!(first, secret(&mut key, &own, &[1; 32], false));
    let both = secret(&mut key, &own, &[[1; 32], [2; 32]].concat(), false);
    assert_eq!(
        (both.len(), both[..32] == first, both[32..] == first),
        (64, true, false)
    );
    assert_ne!(first, secret(&mut key, &own, &[1; 32], true));
    assert_ne!(first, secret(&mut key, &other, &[1; 32], false));
}

#[test]
fn salts_that_are_not_authenticated_or_of_another_length_are_refused() {
    let mut key = Key::new();
    let own = key.register(&creation(RP, b"a")).unwrap();
    for (salt, is_right, status) in [
        (32, false, Status::PinAuthInvalid),
        (16, true, Status::InvalidParameter),
    ] {
        let (ours, shared) = key.agree(Protocol::Two);
        let salt_enc = key.encrypt(&shared, &vec![1; salt]);
        let salt_auth = if is_right {
            shared.authenticate(&salt_enc)
        } else {
            vec![0; 32]
        };
        let mut request = sign_in(RP, &[&own]);
        request.extensions = Some(Assertion {
            hmac_secret: Some(HmacSecret {
                key_agreement: ours,
                salt_enc,
                salt_auth,
                protocol: Some(2),
            }),
            ..Assertion::default()
        });
        assert_eq!(key.call(&request), Err(status));
        request.options.user_presence = Some(false);
        assert_eq!(key.call(&request), Err(Status::UnsupportedOption));
    }
}

#[test]
fn protected_credentials_hide_from_whoever_was_not_verified() {
    for (level, with_list, without_list) in [(1, true, true), (2, true, false), (3, false, false)] {
        let mut key = Key::new();
        let wanted = Creation {
            cred_protect: Some(level),
            ..Creation::default()
        };
        let (own, outputs) = made(&mut key, &with(discoverable(RP, b"a"), wanted));
        assert_eq!(outputs.cred_protect, Some(level));
        key.set_pin(crate::key::PIN).unwrap();
        assert_eq!(key.call(&sign_in(RP, &[&own])).is_ok(), with_list, "level {level}");
        assert_eq!(key.call(&sign_in(RP, &[])).is_ok(), without_list, "level {level}");
        let token = key.token(Permissions::GET_ASSERTION, Some(RP));
        assert!(key.call(&sign_in_with(sign_in(RP, &[]), &token)).is_ok());
    }
    let strange = Creation {
        cred_protect: Some(4),
        ..Creation::default()
    };
    assert_eq!(
        Key::new().call(&with(creation(RP, b"a"), strange)).unwrap_err(),
        Status::InvalidParameter
    );
}

#[test]
fn blobs_are_kept_with_discoverable_credentials() {
    let mut key = Key::new();
    let blob = |length: usize| Creation {
        cred_blob: Some(vec![5; length]),
        ..Creation::default()
    };
    let (own, outputs) = made(&mut key, &with(discoverable(RP, b"a"), blob(32)));
    assert_eq!(outputs.cred_blob, Some(BlobOutput::Kept(true)));
    let (_, outputs) = made(&mut key, &with(discoverable(RP, b"b"), blob(33)));
    assert_eq!(outputs.cred_blob, Some(BlobOutput::Kept(false)));
    let mut request = sign_in(RP, &[&own]);
    request.extensions = Some(Assertion {
        cred_blob: Some(true),
        ..Assertion::default()
    });
    let data = AuthenticatorData::decode(&key.call(&request).unwrap().auth_data).unwrap();
    assert_eq!(data.extensions.unwrap().cred_blob, Some(BlobOutput::Blob(vec![5; 32])));
}

#[test]
fn a_large_blob_key_belongs_to_a_discoverable_credential() {
    let mut key = Key::new();
    let wanted = || Creation {
        large_blob_key: Some(true),
        ..Creation::default()
    };
    assert_eq!(
        key.call(&with(creation(RP, b"a"), wanted())).unwrap_err(),
        Status::InvalidOption
    );
    let response = key.call(&with(discoverable(RP, b"a"), wanted())).unwrap();
    let made = response.large_blob_key.clone().unwrap();
    let own = registered(RP, &response);
    let mut request = sign_in(RP, &[&own]);
    assert!(key.call(&request).unwrap().large_blob_key.is_none());
    request.extensions = Some(Assertion {
        large_blob_key: Some(true),
        ..Assertion::default()
    });
    let told = key.call(&request).unwrap().large_blob_key.unwrap();
    assert_eq!(told.as_bytes(), made.as_bytes());
}
