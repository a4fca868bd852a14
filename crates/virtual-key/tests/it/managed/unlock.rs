//! Unlock: managed-key protocol §4, step by step. After each refusal the state is compared whole.

use std::time::Duration;

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::{Command, Status};
use claviger_managed_key::Operation;
use claviger_managed_key::code::Response;
use claviger_managed_key::keys::DeviceKey;
use claviger_managed_key::message::{self, AdminOrder, Envelope, ManagementState, Policy, Unlock, Unlocked};
use claviger_virtual_key::Touch;
use zeroize::Zeroizing;

use super::{managed, with_policy};
use crate::extensions::secret;
use crate::key::{Key, PIN};
use crate::organisation::{Organisation, serial, status, unlock_message};
use crate::services::{RP, creation, creation_with, discoverable, judged, sign_in};

const NEW: &str = "newpin99";
const WRONG: Status = Status::Other(0xF1);
const NO_CHALLENGE: Status = Status::Other(0xF2);
const ADMIN_BLOCKED: Status = Status::Other(0xF0);

impl Organisation {
    pub(super) fn unlocked_after_block(&self, key: &mut Key, pin: &str) -> Unlocked {
        key.block_pin();
        self.unlocked(key, pin)
    }
}

fn wrong_response() -> Response {
    Response::new(Zeroizing::new([0; 10]))
}

fn wrong(key: &mut Key) -> Status {
    let message = unlock_message(
        key,
        Unlock {
            response: wrong_response(),
            new_pin_enc: [0; 80],
        },
        NEW,
    );
    key.status(&message)
}

fn blocked() -> (Key, Organisation) {
    let (mut key, organisation) = managed();
    key.block_pin();
    (key, organisation)
}

#[test]
fn a_blocked_key_gets_a_new_pin_and_keeps_every_credential() {
    let (mut key, organisation) = managed();
    let own = key.register(&creation(RP, b"a")).unwrap();
    let token = key.token(Permissions::MAKE_CREDENTIAL, Some(RP));
    let found = key.register(&creation_with(discoverable(RP, b"b"), &token)).unwrap();
    let secrets = [&own, &found].map(|own| secret(&mut key, own, &[1; 32], false));
    let verified = secret(&mut key, &own, &[1; 32], true);
    key.block_pin();
    assert_eq!(key.try_pin(PIN), Status::PinBlocked);

    let challenge = key.challenge(Operation::Unlock);
    let unlocked = Unlocked::parse(&organisation.unlock(&mut key, &challenge, NEW)).unwrap();
    let expected = organisation
        .device_key
        .unlock_key(&serial())
        .receipt(Operation::Unlock, &serial(), &challenge);
    assert!(unlocked.receipt.fits(&expected));
    assert_eq!(unlocked.unlock_seq, 1);
    assert!(key.key_status().last_receipt.unwrap().fits(&expected));

    assert_eq!((key.try_pin(PIN), key.try_pin(NEW)), (Status::PinInvalid, Status::Ok));
    for own in [&own, &found] {
        judged(own, &key.call(&sign_in(RP, &[own])).unwrap());
    }
    assert_eq!(
        [&own, &found].map(|own| secret(&mut key, own, &[1; 32], false)),
        secrets
    );
    key.change_pin(NEW, PIN).unwrap();
    assert_eq!(secret(&mut key, &own, &[1; 32], true), verified);
}

#[test]
fn step_1_state_failures_and_retries_come_first() {
    assert_eq!(wrong(&mut Key::with_pin()), Status::NotAllowed, "nobody manages it");
    let (mut key, _) = managed();
    key.challenge(Operation::Unlock);
    assert_eq!(wrong(&mut key), Status::NotAllowed, "tries are left");
    let (mut key, _) = blocked();
    let untouched = key.state().management.as_ref().unwrap().admin_retries;
    for _ in 0..3 {
        key.challenge(Operation::Unlock);
        assert_eq!(wrong(&mut key), WRONG);
    }
    key.challenge(Operation::Unlock);
    assert_eq!(wrong(&mut key), Status::PinAuthBlocked);
    assert_eq!(key.state().management.as_ref().unwrap().admin_retries, untouched - 3);
}

#[test]
fn step_1_a_policy_may_allow_unlocks_while_tries_are_left() {
    let (mut key, organisation) = with_policy(&Policy {
        unlock_only_when_blocked: false,
        ..Policy::default()
    });
    assert_eq!(organisation.unlocked(&mut key, NEW).unlock_seq, 1);
}

#[test]
fn step_2_no_challenge_costs_nothing() {
    let (mut key, _) = blocked();
    let before = key.disk.steps();
    assert_eq!(wrong(&mut key), NO_CHALLENGE);
    key.challenge(Operation::SetPolicy);
    assert_eq!(wrong(&mut key), NO_CHALLENGE, "a challenge for something else");
    assert_eq!(key.disk.steps(), before, "nothing was written");
}

#[test]
fn step_3_a_wrong_authentication_keeps_the_challenge() {
    let (mut key, organisation) = blocked();
    let challenge = key.challenge(Operation::Unlock);
    let before = key.disk.steps();
    let command = message::Command::Unlock(Box::new(Unlock {
        response: wrong_response(),
        new_pin_enc: [0; 80],
    }));
    let (ours, _) = key.managed_secret();
    let message = Envelope::new(&command)
        .key_agreement(&ours)
        .authenticated(&[0; 32])
        .encode();
    assert_eq!(key.status(&message), Status::PinAuthInvalid);
    assert_eq!(
        (key.disk.steps(), key.challenge(Operation::Unlock) == challenge),
        (before, true)
    );
    assert_eq!(status(&organisation.unlock(&mut key, &challenge, NEW)), Status::Ok);
}

#[test]
fn step_4_a_pin_that_does_not_fit_keeps_the_challenge() {
    let (mut key, organisation) = blocked();
    let challenge = key.challenge(Operation::Unlock);
    let before = key.disk.steps();
    assert_eq!(
        status(&organisation.unlock(&mut key, &challenge, "123")),
        Status::PinPolicyViolation
    );
    assert_eq!(
        (key.disk.steps(), key.key_status().challenge_pending),
        (before, Some(true))
    );
    assert!(
        key.world
            .asked()
            .iter()
            .all(|asked| *asked != claviger_virtual_key::Occasion::Unlock),
        "no touch was asked"
    );
    assert_eq!(status(&organisation.unlock(&mut key, &challenge, NEW)), Status::Ok);
}

#[test]
fn step_5_no_touch_keeps_the_challenge() {
    let (mut key, organisation) = blocked();
    let challenge = key.challenge(Operation::Unlock);
    let before = key.disk.steps();
    for (touch, refusal) in [
        (Touch::Refused, Status::OperationDenied),
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ] {
        key.world.answer(touch);
        assert_eq!(status(&organisation.unlock(&mut key, &challenge, NEW)), refusal);
    }
    assert_eq!(key.disk.steps(), before);
    assert_eq!(status(&organisation.unlock(&mut key, &challenge, NEW)), Status::Ok);
}

#[test]
fn steps_6_and_7_a_wrong_response_costs_the_challenge_and_a_try() {
    let (mut key, organisation) = blocked();
    let challenge = key.challenge(Operation::Unlock);
    let agreement = key.attested([1; 32]).key_agreement;
    assert_eq!(wrong(&mut key), WRONG);
    let told = key.key_status();
    assert_eq!((told.admin_retries, told.challenge_pending), (Some(15), Some(false)));
    assert_ne!(key.attested([1; 32]).key_agreement, agreement);
    assert_eq!(
        status(&organisation.unlock(&mut key, &challenge, NEW)),
        NO_CHALLENGE,
        "an answer serves once"
    );
    assert_eq!(organisation.unlocked(&mut key, NEW).unlock_seq, 1);
    assert_eq!(key.key_status().admin_retries, Some(16));
}

#[test]
fn step_6_the_try_is_gone_before_the_response_is_compared() {
    let (mut key, organisation) = blocked();
    let challenge = key.challenge(Operation::Unlock);
    // One write is four steps: the first write counts, the second sets the PIN and never gets there.
    key.disk.cut_before(key.disk.steps() + 4);
    assert_eq!(
        status(&organisation.unlock(&mut key, &challenge, NEW)),
        Status::OtherError
    );
    let left = Key::on(key.disk.after_power_loss(), 2).unwrap();
    let management = left.state().management.as_ref().unwrap();
    assert_eq!(
        (
            management.admin_retries,
            left.state().pin_retries,
            left.state().unlock_seq
        ),
        (15, 0, 0)
    );
}

#[test]
fn step_8_ends_every_token_and_forced_changes() {
    let (mut key, organisation) = with_policy(&Policy {
        unlock_only_when_blocked: false,
        ..Policy::default()
    });
    for _ in 0..2 {
        key.try_pin("wrong!");
    }
    let token = key
        .token_of(Protocol::One, PIN, Some(Permissions::MAKE_CREDENTIAL), Some(RP))
        .unwrap();
    organisation.unlocked(&mut key, NEW);
    assert_eq!(
        key.call(&creation_with(creation(RP, b"a"), &token)).unwrap_err(),
        Status::PinAuthInvalid
    );
    assert_eq!(
        (key.try_pin("wrong!"), key.try_pin("wrong!")),
        (Status::PinInvalid, Status::PinInvalid),
        "counted anew"
    );
}

#[test]
fn sixteen_wrong_responses_block_and_another_key_opens() {
    let (mut key, organisation) = blocked();
    for tried in 0..16 {
        if tried % 3 == 0 {
            key.power_cycle();
        }
        key.challenge(Operation::Unlock);
        assert_eq!(wrong(&mut key), WRONG);
    }
    key.power_cycle();
    assert_eq!(key.key_status().state, ManagementState::AdminBlocked);
    let challenge = key.challenge(Operation::Unlock);
    assert_eq!(
        status(&organisation.unlock(&mut key, &challenge, NEW)),
        ADMIN_BLOCKED,
        "even the right one"
    );
    let next = DeviceKey::new(Zeroizing::new([9; 32]));
    let order: AdminOrder = organisation.next_key(&key, &next, 2);
    assert_eq!(organisation.order(&mut key, &order, None), Status::Ok);
    let next = Organisation {
        device_key: next,
        ..organisation
    };
    assert_eq!(next.unlocked(&mut key, NEW).unlock_seq, 1);
}

#[test]
fn a_challenge_outlives_looks_and_warm_resets_and_dies_after_half_an_hour() {
    let (mut key, _) = blocked();
    let challenge = key.challenge(Operation::Unlock);
    assert_eq!(
        (challenge.unlock_seq(), challenge.tag()),
        (0, claviger_managed_key::code::DeviceTag::of(&serial()))
    );
    key.status(&[Command::GetInfo.byte()]);
    key.challenge(Operation::SetPolicy);
    key.authenticator.power_on();
    key.world.pass(Duration::from_secs(30 * 60 - 1));
    assert!(key.challenge(Operation::Unlock) == challenge);
    key.world.pass(Duration::from_secs(1));
    assert!(key.challenge(Operation::Unlock) != challenge, "after half an hour");
    let challenge = key.challenge(Operation::Unlock);
    key.world.answer(Touch::Refused);
    assert_eq!(
        key.ask_challenge(Operation::Unlock, true).unwrap_err(),
        Status::OperationDenied
    );
    assert!(key.challenge(Operation::Unlock) == challenge);
    assert!(
        key.ask_challenge(Operation::Unlock, true).unwrap() != challenge,
        "renewed with a touch"
    );
    let challenge = key.challenge(Operation::Unlock);
    key.power_cycle();
    assert!(key.challenge(Operation::Unlock) != challenge, "power-off");
}
