//! Configuration, credential management, large blobs, selection and reset: CTAP §6.6, §6.8 to §6.11.

use std::time::Duration;

use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::config::{Config, SetMinPinLength, SubCommand};
use claviger_ctap::wire::large_blobs::{EMPTY_ARRAY, LargeBlobs};
use claviger_ctap::wire::{Body as _, Command, Status};
use claviger_virtual_key::{Occasion, Touch};
use sha2::{Digest as _, Sha256};

use crate::key::{Key, PIN};
use crate::services::{RP, discoverable};

fn configure(key: &mut Key, mut request: Config) -> Result<(), Status> {
    let token = key.token(Permissions::AUTHENTICATOR_CONFIG, None);
    request.protocol = Some(2);
    request.pin_uv_auth_param = Some(token.authenticate(&request.authenticated()));
    key.call(&request).map(drop)
}

fn min_length(order: &SetMinPinLength) -> Config {
    Config::new(SubCommand::SetMinPinLength, Some(order.to_value()))
}

#[test]
fn the_minimum_grows_and_short_pins_have_to_change() {
    let mut key = Key::with_pin();
    let to = |length| {
        min_length(&SetMinPinLength {
            new_min_pin_length: Some(length),
            ..SetMinPinLength::default()
        })
    };
    assert_eq!(configure(&mut key, to(6)), Ok(()));
    assert_eq!(configure(&mut key, to(5)), Err(Status::PinPolicyViolation));
    assert_eq!(configure(&mut key, to(64)), Err(Status::PinPolicyViolation));
    assert_eq!(configure(&mut key, to(7)), Ok(()));
    assert_eq!(key.try_pin(PIN), Status::PinPolicyViolation);
    key.change_pin(PIN, "1234567").unwrap();
    assert_eq!(key.try_pin("1234567"), Status::Ok);
}

#[test]
fn configuration_needs_the_pin_once_there_is_one() {
    let toggle = Config::new(SubCommand::ToggleAlwaysUv, None);
    let mut key = Key::new();
    key.call(&toggle).unwrap();
    assert!(key.state().settings.always_uv);
    key.call(&toggle).unwrap();
    key.set_pin(PIN).unwrap();
    assert_eq!(key.call(&toggle).unwrap_err(), Status::PuatRequired);
    let token = key.token(Permissions::CREDENTIAL_MANAGEMENT, None);
    let mut wrong = toggle.clone();
    wrong.protocol = Some(2);
    wrong.pin_uv_auth_param = Some(token.authenticate(&wrong.authenticated()));
    assert_eq!(key.call(&wrong).unwrap_err(), Status::PinAuthInvalid);
    assert_eq!(configure(&mut key, toggle), Ok(()));
    let unknown = Config::new(SubCommand::Other(9), None);
    assert_eq!(configure(&mut key, unknown), Err(Status::InvalidSubcommand));
    let forced = min_length(&SetMinPinLength {
        force_change_pin: Some(true),
        ..SetMinPinLength::default()
    });
    assert_eq!(Key::new().call(&forced).unwrap_err(), Status::PinNotSet);
}

#[test]
fn a_key_that_always_verifies_is_open_for_switching_that_off_alone() {
    let toggle = Config::new(SubCommand::ToggleAlwaysUv, None);
    let enterprise = Config::new(SubCommand::EnableEnterpriseAttestation, None);
    let longer = min_length(&SetMinPinLength {
        new_min_pin_length: Some(8),
        ..SetMinPinLength::default()
    });
    let mut key = Key::new();
    key.call(&toggle).unwrap();
    for refused in [&enterprise, &longer] {
        assert_eq!(key.call(refused).unwrap_err(), Status::PuatRequired);
    }
    key.call(&toggle).unwrap();
    for taken in [&enterprise, &longer] {
        key.call(taken).unwrap();
    }
    assert!(key.state().settings.enterprise_attestation && key.state().settings.min_pin_length == 8);
}

#[test]
fn a_reset_comes_soon_after_power_up_with_a_touch_and_takes_all() {
    let mut key = Key::with_pin();
    let reset = [Command::Reset.byte()];
    key.world.pass(Duration::from_secs(11));
    assert_eq!(key.status(&reset), Status::NotAllowed);
    key.power_cycle();
    key.world.answer(Touch::TimedOut);
    assert_eq!(key.status(&reset), Status::UserActionTimeout);
    assert!(key.state().pin.is_some());
    let token = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    let own = key
        .register(&crate::services::creation_with(discoverable(RP, b"a"), &token))
        .unwrap();
    let signatures = key.state().signatures;
    assert_eq!(key.status(&reset), Status::Ok);
    assert!(key.state().pin.is_none() && key.state().credentials.is_empty());
    assert_eq!(
        key.call(&crate::services::sign_in(RP, &[&own])),
        Err(Status::NoCredentials)
    );
    assert!(key.state().signatures >= signatures);
}

#[test]
fn selection_is_a_touch_and_nothing_else() {
    let mut key = Key::new();
    let before = key.disk.steps();
    assert_eq!(key.status(&[Command::Selection.byte()]), Status::Ok);
    assert_eq!((key.world.asked(), key.disk.steps()), (vec![Occasion::Select], before));
}

#[test]
fn commands_that_the_key_lacks_are_refused() {
    let mut key = Key::new();
    for command in [0x00, 0x09, 0x40, 0xB5] {
        assert_eq!(key.status(&[command, 0xA0]), Status::InvalidCommand, "{command:02x}");
    }
    assert_eq!(key.status(&[]), Status::InvalidLength);
    assert_eq!(key.status(&[0x01; 1_201]), Status::RequestTooLarge);
    assert_eq!(key.status(&[0x01, 0xA0]), Status::MissingParameter);
    assert_eq!(key.status(&[0x01, 0xFF]), Status::InvalidCbor);
}

fn array(length: usize) -> Vec<u8> {
    let body = vec![0x80; length];
    let digest = Sha256::digest(&body);
    [&body[..], &digest[..16]].concat()
}

fn piece(key: &mut Key, bytes: &[u8], offset: usize, whole: Option<usize>) -> Result<(), Status> {
    let mut request = LargeBlobs {
        set: Some(bytes.to_vec()),
        offset: u32::try_from(offset).ok(),
        length: whole.and_then(|whole| u32::try_from(whole).ok()),
        ..LargeBlobs::default()
    };
    if key.state().pin.is_some() {
        let token = key.token(Permissions::LARGE_BLOB_WRITE, None);
        request.protocol = Some(2);
        request.pin_uv_auth_param = Some(token.authenticate(&request.authenticated()));
    }
    key.call(&request).map(drop)
}

#[test]
fn large_blobs_come_in_pieces_and_are_taken_whole() {
    let mut key = Key::new();
    let whole = array(2_000);
    assert_eq!(piece(&mut key, &whole[..1_000], 0, Some(whole.len())), Ok(()));
    assert_eq!(key.state().large_blobs, EMPTY_ARRAY, "not before the last piece");
    assert_eq!(piece(&mut key, &whole[1_000..], 1_000, None), Ok(()));
    assert_eq!(key.state().large_blobs, whole);
    let read = LargeBlobs {
        get: Some(1_000),
        offset: Some(1_500),
        ..LargeBlobs::default()
    };
    assert_eq!(key.call(&read).unwrap().config.unwrap(), &whole[1_500..]);
    let mut broken = whole.clone();
    broken[0] ^= 1;
    assert_eq!(piece(&mut key, &broken[..1_100], 0, Some(whole.len())), Ok(()));
    assert_eq!(
        piece(&mut key, &broken[1_100..], 1_100, None),
        Err(Status::IntegrityFailure)
    );
    assert_eq!(
        piece(&mut key, &whole[..1_000], 0, Some(5_000)),
        Err(Status::LargeBlobStorageFull)
    );
    assert_eq!(
        piece(&mut key, &whole[..1_000], 1_000, None),
        Err(Status::InvalidSequence)
    );
    assert_eq!(key.state().large_blobs, whole, "what was refused changed nothing");
}

#[test]
fn large_blobs_are_written_with_the_pin_once_there_is_one() {
    let mut key = Key::with_pin();
    let whole = array(5);
    let open = LargeBlobs {
        set: Some(whole.clone()),
        offset: Some(0),
        length: Some(21),
        ..LargeBlobs::default()
    };
    assert_eq!(key.call(&open).unwrap_err(), Status::PuatRequired);
    assert_eq!(piece(&mut key, &whole, 0, Some(21)), Ok(()));
    let strange = LargeBlobs {
        get: Some(1),
        ..LargeBlobs::default()
    };
    assert_eq!(key.call(&strange).unwrap_err(), Status::InvalidParameter);
}
