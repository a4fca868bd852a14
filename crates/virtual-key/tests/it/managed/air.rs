//! What a key tells over the air of which key it is (ADR 0023).

use claviger_ctap::wire::Status;
use claviger_managed_key::Operation;
use claviger_managed_key::message::{AttestedAgreement, Challenged, Command, Envelope, KeyStatus, ManagementState};
use claviger_virtual_key::{Link, Occasion, Touch};

use super::managed;
use crate::key::{Key, SERIAL};

fn over_the_air(key: &mut Key, command: &Command) -> Vec<u8> {
    let message = Envelope::new(command).encode();
    key.authenticator.exchange(&message, Link::Contactless).unwrap()
}

fn status(key: &mut Key) -> KeyStatus {
    KeyStatus::parse(&over_the_air(key, &Command::GetStatus)).unwrap()
}

/// The two other subcommands whose answers name the key.
fn naming() -> [Command; 2] {
    [
        Command::GetChallenge {
            operation: Operation::Unlock,
            renew: false,
        },
        Command::GetKeyAgreement { nonce: [7; 32] },
    ]
}

#[test]
fn without_a_touch_a_status_names_no_key() {
    let (mut key, organisation) = managed();
    organisation.unlocked_after_block(&mut key, "another");
    let _asked = key.world.asked();
    let whole = key.key_status();
    for touch in [Touch::TimedOut, Touch::Refused] {
        key.world.answer(touch);
        let told = status(&mut key);
        let nameless = KeyStatus {
            serial: None,
            key_version: None,
            kcv: None,
            unlock_seq: None,
            policy: None,
            last_receipt: None,
            ..whole.clone()
        };
        assert_eq!(told.encode(), nameless.encode());
        assert_eq!((told.state, told.pin_retries), (ManagementState::Managed, Some(8)));
    }
    key.world.answer(Touch::Cancelled);
    let cancelled = over_the_air(&mut key, &Command::GetStatus);
    assert_eq!(cancelled, [Status::KeepaliveCancel.byte()]);
    assert_eq!(status(&mut key).encode(), whole.encode());
    assert_eq!(key.world.asked(), [Occasion::ShowSerial; 4]);
    assert!(
        whole.kcv.is_some() && whole.last_receipt.is_some(),
        "there was something to hide"
    );
}

#[test]
fn without_a_touch_no_other_answer_names_it_either() {
    let (mut key, _) = managed();
    let refusals = [
        (Touch::TimedOut, Status::UserActionTimeout),
        (Touch::Refused, Status::OperationDenied),
        (Touch::Cancelled, Status::KeepaliveCancel),
    ];
    for command in naming() {
        for (touch, refusal) in refusals {
            key.world.answer(touch);
            assert_eq!(over_the_air(&mut key, &command), [refusal.byte()], "{touch:?}");
        }
    }
    assert_eq!(status(&mut key).challenge_pending, Some(false), "none was made");
}

#[test]
fn one_touch_serves_until_the_power_goes() {
    let (mut key, _) = managed();
    let _asked = key.world.asked();
    let [challenge, agreement] = naming().map(|command| over_the_air(&mut key, &command));
    assert_eq!(Challenged::parse(&challenge).unwrap().serial.as_str(), SERIAL);
    assert_eq!(AttestedAgreement::parse(&agreement).unwrap().serial.as_str(), SERIAL);
    assert!(status(&mut key).serial.is_some());
    assert_eq!(key.world.asked(), [Occasion::ShowSerial]);
    key.power_cycle();
    key.world.answer(Touch::TimedOut);
    assert_eq!(status(&mut key).serial, None);
}

#[test]
fn on_a_cable_and_by_contacts_nobody_is_asked() {
    let (mut key, _) = managed();
    let _asked = key.world.asked();
    for link in [Link::Usb, Link::Contact, Link::Management] {
        for command in naming().iter().chain([&Command::GetStatus]) {
            let message = Envelope::new(command).encode();
            let answer = key.authenticator.exchange(&message, link).unwrap();
            assert_eq!(answer.first(), Some(&Status::Ok.byte()), "{link:?}");
        }
    }
    assert!(key.world.asked().is_empty());
}
