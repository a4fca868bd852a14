//! Making credentials and signing with them: CTAP §6.1 to §6.3.

use std::time::Duration;

use claviger_ctap::wire::auth_data::{AuthenticatorData, USER_PRESENT, USER_VERIFIED};
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::cose::EDDSA;
use claviger_ctap::wire::entities::{Descriptor, Parameter};
use claviger_ctap::wire::{Command, Status};
use claviger_virtual_key::{Occasion, Touch};

use crate::key::Key;
use crate::services::{RP, creation, creation_with, discoverable, judged, sign_in, sign_in_with};

#[test]
fn both_algorithms_sign() {
    for (algorithm, parameters) in [(-7, vec![]), (-8, vec![Parameter::public_key(EDDSA)])] {
        let mut key = Key::new();
        let mut request = creation(RP, b"a");
        if !parameters.is_empty() {
            request.parameters = parameters;
        }
        let own = key.register(&request).unwrap();
        assert_eq!(own.key.algorithm(), Some(algorithm));
        let data = judged(&own, &key.call(&sign_in(RP, &[&own])).unwrap());
        assert_eq!((data.flags, data.sign_count), (USER_PRESENT, 1));
        let again = judged(&own, &key.call(&sign_in(RP, &[&own])).unwrap());
        assert_eq!(again.sign_count, 2);
    }
}

#[test]
fn a_credential_serves_its_service_and_its_key_alone() {
    let mut key = Key::new();
    let own = key.register(&creation(RP, b"a")).unwrap();
    assert_eq!(key.call(&sign_in("example.org", &[&own])), Err(Status::NoCredentials));
    assert_eq!(Key::seeded(2).call(&sign_in(RP, &[&own])), Err(Status::NoCredentials));
    assert_eq!(
        key.call(&sign_in(RP, &[])),
        Err(Status::NoCredentials),
        "it is not discoverable"
    );
}

#[test]
fn discoverable_credentials_are_found_the_newest_first() {
    let mut key = Key::with_pin();
    for user in [b"a", b"b", b"c"] {
        let token = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
        key.register(&creation_with(discoverable(RP, user), &token)).unwrap();
    }
    let token = key.token(Permissions::GET_ASSERTION, Some(RP));
    let first = key.call(&sign_in_with(sign_in(RP, &[]), &token)).unwrap();
    assert_eq!(first.number_of_credentials, Some(3));
    let first = first.user.unwrap();
    assert_eq!(
        (first.id.as_slice(), first.name.as_deref()),
        (&b"c"[..], Some("user@example.com"))
    );
    let next = [Command::GetNextAssertion.byte()];
    assert_eq!(
        (key.status(&next), key.status(&next), key.status(&next)),
        (Status::Ok, Status::Ok, Status::NotAllowed)
    );
    let unverified = key.call(&sign_in(RP, &[])).unwrap();
    assert_eq!(unverified.user.unwrap().name, None, "names are for verified users");
    key.status(&[Command::GetInfo.byte()]);
    assert_eq!(key.status(&next), Status::Ok, "looking at the key disturbs nothing");
    key.world.pass(Duration::from_secs(30));
    assert_eq!(key.status(&next), Status::NotAllowed);
    key.call(&sign_in(RP, &[])).unwrap();
    key.status(&[Command::Selection.byte()]);
    assert_eq!(key.status(&next), Status::NotAllowed, "another command came between");
}

#[test]
fn a_second_credential_for_the_account_replaces_the_first() {
    let mut key = Key::new();
    let old = key.register(&discoverable(RP, b"a")).unwrap();
    let new = key.register(&discoverable(RP, b"a")).unwrap();
    assert_eq!(key.state().credentials.len(), 1);
    assert_eq!(key.call(&sign_in(RP, &[&old])), Err(Status::NoCredentials));
    judged(&new, &key.call(&sign_in(RP, &[&old, &new])).unwrap());
}

#[test]
fn an_excluded_credential_is_told_after_a_touch() {
    let mut key = Key::new();
    let own = key.register(&creation(RP, b"a")).unwrap();
    key.world.asked();
    let mut request = creation(RP, b"b");
    request.exclude_list = vec![Descriptor::public_key(vec![1; 40]), Descriptor::public_key(own.id)];
    assert_eq!(key.call(&request).unwrap_err(), Status::CredentialExcluded);
    assert_eq!(key.world.asked(), [Occasion::Register]);
}

#[test]
fn a_key_with_a_pin_makes_no_discoverable_credential_without_it() {
    let mut key = Key::with_pin();
    assert_eq!(key.call(&discoverable(RP, b"a")).unwrap_err(), Status::PuatRequired);
    key.register(&creation(RP, b"a")).unwrap();
    let token = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    let response = key.call(&creation_with(discoverable(RP, b"a"), &token)).unwrap();
    let data = AuthenticatorData::decode(&response.auth_data).unwrap();
    assert!(data.has(USER_PRESENT | USER_VERIFIED));
}

#[test]
fn no_touch_no_credential_and_no_signature() {
    let mut key = Key::new();
    let own = key.register(&creation(RP, b"a")).unwrap();
    for (touch, status) in [
        (Touch::Refused, Status::OperationDenied),
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ] {
        key.world.answer(touch);
        assert_eq!(key.call(&discoverable(RP, b"b")).unwrap_err(), status);
        key.world.answer(touch);
        assert_eq!(key.call(&sign_in(RP, &[&own])), Err(status));
    }
    assert_eq!((key.state().credentials.len(), key.state().signatures), (0, 0));
    let mut silent = sign_in(RP, &[&own]);
    silent.options.user_presence = Some(false);
    key.world.asked();
    assert_eq!(judged(&own, &key.call(&silent).unwrap()).flags, 0);
    assert!(key.world.asked().is_empty());
}

#[test]
fn options_and_algorithms_that_the_key_lacks_are_refused() {
    let mut key = Key::new();
    let with = |change: fn(&mut claviger_ctap::wire::make_credential::MakeCredential)| {
        let mut request = creation(RP, b"a");
        change(&mut request);
        request
    };
    let refused = [
        (
            with(|request| request.options.user_verification = Some(true)),
            Status::InvalidOption,
        ),
        (
            with(|request| request.options.user_presence = Some(false)),
            Status::InvalidOption,
        ),
        (
            with(|request| request.parameters = vec![Parameter::public_key(-257)]),
            Status::UnsupportedAlgorithm,
        ),
        (
            with(|request| request.parameters = vec![]),
            Status::UnsupportedAlgorithm,
        ),
        (
            with(|request| request.enterprise_attestation = Some(2)),
            Status::InvalidParameter,
        ),
        (
            with(|request| request.pin_uv_auth_param = Some(vec![])),
            Status::PinNotSet,
        ),
        (
            with(|request| request.pin_uv_auth_param = Some(vec![1; 32])),
            Status::MissingParameter,
        ),
    ];
    for (request, status) in refused {
        assert_eq!(key.call(&request).unwrap_err(), status);
    }
    let own = key.register(&creation(RP, b"a")).unwrap();
    let mut with_rk = sign_in(RP, &[&own]);
    with_rk.options.discoverable = Some(true);
    assert_eq!(key.call(&with_rk), Err(Status::UnsupportedOption));
}

#[test]
fn the_key_is_full_at_a_hundred() {
    let mut key = Key::new();
    for user in 0..100_u8 {
        key.register(&discoverable(RP, &[user])).unwrap();
    }
    assert_eq!(
        key.call(&discoverable(RP, b"one more")).unwrap_err(),
        Status::KeyStoreFull
    );
    key.register(&discoverable(RP, &[7])).unwrap();
}
