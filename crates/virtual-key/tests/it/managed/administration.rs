//! Orders of the organisation: managed-key protocol §3, sub 05 and 06.

use std::time::Duration;

use claviger_ctap::wire::{Command as Ctap, Status};
use claviger_managed_key::Operation;
use claviger_managed_key::code::AdminPin;
use claviger_managed_key::keys::{DeviceKey, KeyVersion};
use claviger_managed_key::message::{self, AdminOrder, Command, Envelope, ManagementState, PolicyChange};
use claviger_virtual_key::{Occasion, Touch};
use zeroize::Zeroizing;

use super::managed;
use crate::key::{Key, PIN};
use crate::organisation::{Organisation, log_in, set_pin};
use crate::services::{RP, discoverable};

const NEW: &str = "newpin99";
const NO_CHALLENGE: Status = Status::Other(0xF2);

fn other_admin_pin() -> AdminPin {
    AdminPin::read("ZZZZ-ZZZZ-ZZZZ-ZZZZ").unwrap()
}

fn set_admin_pin(key: &mut Key, organisation: &Organisation, pin: &AdminPin) -> Status {
    let (ours, secret) = key.managed_secret();
    let admin_pin_enc = secret.seal_admin_pin(key.platform.bytes(), pin);
    organisation.order(key, &AdminOrder::SetAdminPin { admin_pin_enc }, Some(&ours))
}

fn policy() -> AdminOrder {
    AdminOrder::SetPolicy(PolicyChange {
        min_pin_length: Some(6),
        ..PolicyChange::default()
    })
}

#[test]
fn an_order_without_a_challenge_or_with_a_wrong_answer_is_refused() {
    let (mut key, organisation) = managed();
    let challenge = key.challenge(Operation::Release);
    let message = organisation.authorised(&policy(), &challenge, None).encode();
    assert_eq!(
        key.status(&message),
        NO_CHALLENGE,
        "the challenge was for something else"
    );
    let foreign = Organisation {
        device_key: DeviceKey::new(Zeroizing::new([1; 32])),
        ..Organisation::default()
    };
    let waiting = key.challenge(Operation::SetPolicy);
    let retries = key.key_status().admin_retries;
    assert_eq!(foreign.order(&mut key, &policy(), None), Status::PinAuthInvalid);
    assert!(key.challenge(Operation::SetPolicy) != waiting, "the challenge is gone");
    assert_eq!(key.key_status().admin_retries, retries, "and nothing was counted");
}

#[test]
fn an_answer_covers_the_parameters_and_serves_once() {
    let (mut key, organisation) = managed();
    let challenge = key.challenge(Operation::SetPolicy);
    let right = organisation.authorised(&policy(), &challenge, None).encode();
    let tampered: Vec<u8> = right.iter().map(|byte| if *byte == 6 { 5 } else { *byte }).collect();
    assert_ne!(key.status(&tampered), Status::Ok);
    let challenge = key.challenge(Operation::SetPolicy);
    let right = organisation.authorised(&policy(), &challenge, None).encode();
    assert_eq!((key.status(&right), key.status(&right)), (Status::Ok, NO_CHALLENGE));
}

#[test]
fn orders_that_need_a_touch_do_nothing_without() {
    let (mut key, organisation) = managed();
    key.world.asked();
    assert_eq!(organisation.order(&mut key, &policy(), None), Status::Ok);
    assert!(key.world.asked().is_empty(), "a policy needs none");
    let before = key.disk.steps();
    for order in [AdminOrder::Release, AdminOrder::FactoryReset] {
        let challenge = key.challenge(order.operation());
        key.world.answer(Touch::Refused);
        assert_eq!(organisation.order(&mut key, &order, None), Status::OperationDenied);
        assert!(key.challenge(order.operation()) == challenge);
    }
    assert_eq!(key.disk.steps(), before);
    assert_eq!(key.world.asked(), [Occasion::Administer; 2]);
}

#[test]
fn a_changed_key_counts_from_its_version_and_ends_challenges() {
    let (mut key, organisation) = managed();
    key.challenge(Operation::Unlock);
    let next = DeviceKey::new(Zeroizing::new([9; 32]));
    for version in [1, 2] {
        let order = organisation.next_key(&key, &next, version);
        let status = if version == 1 {
            Status::InvalidParameter
        } else {
            Status::Ok
        };
        assert_eq!(
            organisation.order(&mut key, &order, None),
            status,
            "a version never repeats"
        );
    }
    let told = key.key_status();
    assert_eq!((told.kcv, told.key_version.unwrap().get()), (Some(next.kcv()), 2));
    assert_eq!(told.challenge_pending, Some(false));
    assert_eq!(
        organisation.order(&mut key, &policy(), None),
        Status::PinAuthInvalid,
        "the old key is worth nothing"
    );
}

#[test]
fn release_leaves_credentials_and_pin() {
    let (mut key, organisation) = managed();
    organisation.unlocked_after_block(&mut key, NEW);
    assert_eq!(organisation.order(&mut key, &AdminOrder::Release, None), Status::Ok);
    let told = key.key_status();
    assert_eq!((told.state, told.unlock_seq), (ManagementState::Unmanaged, Some(1)));
    assert_eq!(key.try_pin(NEW), Status::Ok);
}

#[test]
fn a_version_does_not_come_again_after_a_release_and_a_reset() {
    let (mut key, organisation) = managed();
    let next = DeviceKey::new(Zeroizing::new([9; 32]));
    let order = organisation.next_key(&key, &next, 2);
    assert_eq!(organisation.order(&mut key, &order, None), Status::Ok);
    let mut owner = Organisation {
        device_key: next,
        ..Organisation::default()
    };
    assert_eq!(owner.order(&mut key, &AdminOrder::Release, None), Status::Ok);
    assert_eq!(key.status(&[Ctap::Reset.byte()]), Status::Ok);
    for (version, status) in [
        (1, Status::InvalidParameter),
        (2, Status::InvalidParameter),
        (3, Status::Ok),
    ] {
        owner.version = KeyVersion::new(version).unwrap();
        let message = owner.enrolment(&mut key, &message::Policy::default()).encode();
        assert_eq!(key.status(&message), status, "version {version}");
    }
}

#[test]
fn a_reset_leaves_the_receipt_of_the_last_unlock() {
    let (mut key, organisation) = managed();
    let receipt = organisation.unlocked_after_block(&mut key, NEW).receipt;
    let told = |key: &mut Key| key.key_status().last_receipt.is_some_and(|told| told.fits(&receipt));
    assert_eq!(key.status(&[Ctap::Reset.byte()]), Status::Ok);
    assert!(told(&mut key));
    let reset = organisation.order(&mut key, &AdminOrder::FactoryReset, None);
    assert!(reset == Status::Ok && told(&mut key));
    key.challenge(Operation::Unlock);
    assert!(!told(&mut key), "until the next challenge");
}

#[test]
fn a_factory_reset_needs_no_ten_seconds_and_keeps_the_management() {
    let (mut key, organisation) = managed();
    key.world.pass(Duration::from_secs(100));
    let reset_disabled = AdminOrder::SetPolicy(PolicyChange {
        reset_disabled: Some(true),
        ..PolicyChange::default()
    });
    assert_eq!(organisation.order(&mut key, &reset_disabled, None), Status::Ok);
    assert_eq!(
        organisation.order(&mut key, &AdminOrder::FactoryReset, None),
        Status::Ok
    );
    assert!(key.state().pin.is_none());
    assert_eq!(key.key_status().state, ManagementState::Managed);
    key.register(&discoverable(RP, b"a")).unwrap();
}

#[test]
fn a_pin_set_by_the_organisation_has_to_be_changed_unless_told_otherwise() {
    for forced in [true, false] {
        let (mut key, organisation) = managed();
        let (order, ours) = set_pin(&mut key, NEW, forced);
        assert_eq!(organisation.order(&mut key, &order, Some(&ours)), Status::Ok);
        assert_eq!(key.key_status().unlock_seq, Some(1));
        let wanted = if forced { Status::PinPolicyViolation } else { Status::Ok };
        assert_eq!(key.try_pin(NEW), wanted);
        if forced {
            assert_eq!(key.change_pin(NEW, NEW), Err(Status::PinPolicyViolation));
        }
        key.change_pin(NEW, PIN).unwrap();
        assert_eq!(key.try_pin(PIN), Status::Ok);
    }
    let (mut key, organisation) = managed();
    let (order, ours) = set_pin(&mut key, "123", false);
    assert_eq!(
        organisation.order(&mut key, &order, Some(&ours)),
        Status::PinPolicyViolation
    );
}

#[test]
fn the_admin_pin_opens_three_orders_for_ten_minutes() {
    let (mut key, organisation) = managed();
    let token = log_in(&mut key, &organisation.admin_pin).unwrap();
    let ordered = |key: &mut Key, order: &AdminOrder, token: &[u8; 32]| {
        let message = Envelope::new(&Command::Admin(Box::new(order.clone())))
            .authenticated(token)
            .encode();
        key.status(&message)
    };
    assert_eq!(ordered(&mut key, &policy(), &token), Status::Ok);
    let release = ordered(&mut key, &AdminOrder::Release, &token);
    assert_eq!(release, Status::MissingParameter, "release wants an answered challenge");
    assert_eq!(ordered(&mut key, &policy(), &[0; 32]), Status::PinAuthInvalid);
    assert_eq!(
        ordered(&mut key, &policy(), &token),
        Status::PinAuthInvalid,
        "any failure ends it"
    );
    let token = log_in(&mut key, &organisation.admin_pin).unwrap();
    key.world.pass(Duration::from_mins(10));
    assert_eq!(
        ordered(&mut key, &policy(), &token),
        Status::PinAuthInvalid,
        "after ten minutes"
    );
    let token = log_in(&mut key, &organisation.admin_pin).unwrap();
    key.power_cycle();
    assert_eq!(
        ordered(&mut key, &policy(), &token),
        Status::PinAuthInvalid,
        "after power-off"
    );
}

#[test]
fn eight_wrong_admin_pins_end_logins_until_another_is_set() {
    let (mut key, organisation) = managed();
    let wrong = other_admin_pin();
    for tried in 1..=8 {
        let refused = log_in(&mut key, &wrong).unwrap_err();
        let wanted = match tried {
            8 => Status::PinBlocked,
            3 | 6 => Status::PinAuthBlocked,
            _ => Status::PinInvalid,
        };
        assert_eq!(refused, wanted, "try {tried}");
        if wanted == Status::PinAuthBlocked {
            assert_eq!(
                log_in(&mut key, &organisation.admin_pin).unwrap_err(),
                Status::PinAuthBlocked
            );
            key.power_cycle();
        }
    }
    key.power_cycle();
    assert_eq!(
        log_in(&mut key, &organisation.admin_pin).unwrap_err(),
        Status::PinBlocked
    );
    assert_eq!(
        organisation.order(&mut key, &policy(), None),
        Status::Ok,
        "it refuses logins alone"
    );
    assert_eq!(set_admin_pin(&mut key, &organisation, &wrong), Status::Ok);
    assert!(log_in(&mut key, &wrong).is_ok());
}

#[test]
fn an_admin_pin_is_not_tried_without_a_touch() {
    let (mut key, _) = managed();
    key.world.answer(Touch::Refused);
    let refused = log_in(&mut key, &other_admin_pin()).unwrap_err();
    assert_eq!(
        (refused, key.key_status().admin_pin_retries),
        (Status::OperationDenied, Some(8))
    );
    let unlock_by_order = Envelope::new(&message::Command::GetChallenge {
        operation: Operation::SetPinByAdmin,
        renew: false,
    });
    assert_eq!(key.status(&unlock_by_order.encode()), Status::Ok);
}
