//! Into management: managed-key protocol §3, sub 02 and 07.

use std::time::Duration;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::config::{Config, SubCommand};
use claviger_ctap::wire::{Command, Status};
use claviger_managed_key::message::{AttestedAgreement, Envelope, ManagementState, Policy};
use claviger_virtual_key::{Occasion, Touch};

use super::managed;
use crate::attestation::attests;
use crate::key::{Key, PIN};
use crate::organisation::{Organisation, serial};
use crate::services::{RP, creation, discoverable};

fn enrolled(key: &mut Key) -> Status {
    let message = Organisation::default().enrolment(key, &Policy::default()).encode();
    key.status(&message)
}

#[test]
fn a_new_key_is_enrolled_with_a_touch_within_ten_seconds() {
    let mut key = Key::new();
    key.world.pass(Duration::from_secs(10));
    assert_eq!(enrolled(&mut key), Status::Ok);
    assert_eq!(key.world.asked(), [Occasion::Enrol]);
    let status = key.key_status();
    assert_eq!(status.state, ManagementState::Managed);
    assert_eq!(
        (status.admin_retries, status.admin_pin_retries, status.unlock_seq),
        (Some(16), Some(8), Some(0))
    );
    assert_eq!(status.kcv, Some(Organisation::default().device_key.kcv()));
    assert_eq!(status.policy, Some(Policy::default()));
    assert_eq!(enrolled(&mut key), Status::NotAllowed, "it is managed already");
}

#[test]
fn a_key_that_is_somebodys_is_enrolled_with_the_pin_alone() {
    let mut late = Key::new();
    late.world.pass(Duration::from_secs(11));
    assert_eq!(enrolled(&mut late), Status::NotAllowed);
    let mut used = Key::new();
    used.register(&discoverable(RP, b"a")).unwrap();
    assert_eq!(enrolled(&mut used), Status::NotAllowed);
    used.set_pin(PIN).unwrap();
    assert_eq!(enrolled(&mut used), Status::NotAllowed);
    let proven = |key: &mut Key, permissions| {
        let token = key.token_of(Protocol::Two, PIN, Some(permissions), None).unwrap();
        let envelope = Organisation::default().enrolment(key, &Policy::default());
        let message = envelope
            .pin_token_authenticated(token.as_bytes().try_into().unwrap())
            .encode();
        key.status(&message)
    };
    assert_eq!(
        proven(&mut used, Permissions::CREDENTIAL_MANAGEMENT),
        Status::PinAuthInvalid
    );
    assert_eq!(proven(&mut used, Permissions::AUTHENTICATOR_CONFIG), Status::Ok);
    assert_eq!(used.state().credentials.len(), 1, "credentials stay");
}

fn enrolled_with(key: &mut Key, policy: &Policy, token: &[u8]) -> Status {
    let envelope = Organisation::default().enrolment(key, policy);
    let message = envelope.pin_token_authenticated(token.try_into().unwrap()).encode();
    key.status(&message)
}

#[test]
fn an_enrolment_after_which_the_pin_has_to_change_ends_the_tokens() {
    let forces = Policy {
        force_pin_change: true,
        ..Policy::default()
    };
    let lengthens = Policy {
        min_pin_length: 8,
        ..Policy::default()
    };
    for (policy, wanted) in [
        (forces, Status::PinAuthInvalid),
        (lengthens, Status::PinAuthInvalid),
        (Policy::default(), Status::Ok),
    ] {
        let mut key = Key::with_pin();
        let token = key.token(Permissions::AUTHENTICATOR_CONFIG, None);
        assert_eq!(enrolled_with(&mut key, &policy, token.as_bytes()), Status::Ok);
        let mut toggle = Config::new(SubCommand::ToggleAlwaysUv, None);
        toggle.protocol = Some(2);
        toggle.pin_uv_auth_param = Some(token.authenticate(&toggle.authenticated()));
        let status = key.call(&toggle).map_or_else(|status| status, |_| Status::Ok);
        assert_eq!(status, wanted);
    }
}

#[test]
fn a_wrong_proof_is_no_first_use_of_the_token() {
    let mut key = Key::with_pin();
    let token = key.token(Permissions::AUTHENTICATOR_CONFIG, None);
    let policy = Policy::default();
    assert_eq!(enrolled_with(&mut key, &policy, &[0; 32]), Status::PinAuthInvalid);
    key.world.pass(Duration::from_secs(30));
    assert_eq!(
        enrolled_with(&mut key, &policy, token.as_bytes()),
        Status::PinAuthInvalid
    );
}

#[test]
fn without_a_touch_or_with_a_wrong_proof_nothing_is_enrolled() {
    let mut key = Key::new();
    key.world.answer(Touch::Refused);
    assert_eq!(enrolled(&mut key), Status::OperationDenied);
    let before = key.attested([1; 32]).key_agreement;
    let message = Organisation::default()
        .enrolment(&mut key, &Policy::default())
        .authenticated(&[0; 32])
        .encode();
    assert_eq!(key.status(&message), Status::PinAuthInvalid);
    assert_ne!(
        key.attested([1; 32]).key_agreement,
        before,
        "another key pair after a failure"
    );
    assert!(key.state().management.is_none());
}

#[test]
fn the_key_agreement_is_attested_for_this_nonce_and_serial() {
    let mut key = Key::new();
    let attested = key.attested([3; 32]);
    let signed = AttestedAgreement::signed(&[3; 32], &serial(), &attested.key_agreement);
    assert!(attests(&attested.certificates[0], &signed, &attested.signature));
    let other = AttestedAgreement::signed(&[4; 32], &serial(), &attested.key_agreement);
    assert!(!attests(&attested.certificates[0], &other, &attested.signature));
    key.power_cycle();
    assert_ne!(key.attested([3; 32]).key_agreement, attested.key_agreement);
}

#[test]
fn a_reset_keeps_the_management_and_takes_the_rest() {
    let (mut key, organisation) = managed();
    organisation.unlocked_after_block(&mut key, "another");
    key.register(&creation(RP, b"a")).unwrap();
    key.power_cycle();
    assert_eq!(key.status(&[Command::Reset.byte()]), Status::Ok);
    let status = key.key_status();
    assert_eq!((status.state, status.unlock_seq), (ManagementState::Managed, Some(1)));
    assert_eq!(status.kcv, Some(organisation.device_key.kcv()));
    assert!(key.state().pin.is_none());
}

#[test]
fn what_is_not_of_the_protocol_is_refused() {
    let mut key = Key::new();
    let status = Envelope::new(&claviger_managed_key::message::Command::GetStatus).encode();
    assert_eq!(key.status(&status[..status.len() - 1]), Status::InvalidCommand);
    assert_eq!(key.status(&[0xB4, 0xA0]), Status::InvalidCommand, "without the magic");
    let foreign: Vec<u8> = status
        .iter()
        .map(|byte| if *byte == b'V' { b'W' } else { *byte })
        .collect();
    assert_eq!(key.status(&foreign), Status::InvalidCommand);
    let mut unknown = status.clone();
    unknown[3] = 0x09;
    assert_eq!(key.status(&unknown), Status::InvalidSubcommand);
}
