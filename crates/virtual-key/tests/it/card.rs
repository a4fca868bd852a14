//! The key as a card.

use claviger_ctap::apdu::{Command, FIDO_AID, Form, StatusWord, Waiting, ctap, exchange, select};
use claviger_ctap::wire::{Body as _, get_info::Info};
use claviger_managed_key::message::{self, Envelope, KeyStatus, MANAGEMENT_AID, ManagementState};
use claviger_virtual_key::card::Direct;
use claviger_virtual_key::{Authenticator, Card};

use crate::disk::Memory;
use crate::world::World;

fn card() -> Card<Direct> {
    let key = Authenticator::open(Box::new(Memory::default()), Box::new(World::default()), "CLV0000001").unwrap();
    let mut card = Card::new(Direct::new(key));
    card.power_on();
    card
}

fn answer(card: &mut Card<Direct>, command: &Command, form: Form) -> (Vec<u8>, StatusWord) {
    let mut send = |apdu: &[u8]| Ok::<_, std::convert::Infallible>(card.transmit(apdu));
    let response = exchange(command, form, &mut send).unwrap();
    (response.data, response.status)
}

#[test]
fn get_info_comes_in_short_and_in_extended_apdus() {
    for form in [Form::Short, Form::Extended] {
        let mut card = card();
        assert_eq!(
            answer(&mut card, &select(&FIDO_AID), form),
            (b"FIDO_2_0".to_vec(), StatusWord::OK)
        );
        let (message, status) = answer(&mut card, &ctap(&[0x04], Waiting::Blocked), form);
        assert_eq!((message[0], status), (0, StatusWord::OK));
        let info = Info::decode_response(&message[1..]).unwrap();
        assert!(info.speaks("FIDO_2_1") && info.option("rk") == Some(true));
    }
}

#[test]
fn the_management_application_knows_the_managed_key_command_alone() {
    let mut card = card();
    answer(&mut card, &select(&MANAGEMENT_AID), Form::Short);
    let get_status = Envelope::new(&message::Command::GetStatus).encode();
    let (status, _) = answer(&mut card, &ctap(&get_status, Waiting::Blocked), Form::Short);
    let status = KeyStatus::parse(&status).unwrap();
    assert_eq!(status.state, ManagementState::Unmanaged);
    assert_eq!(status.serial.unwrap().as_str(), "CLV0000001");
    let (refused, _) = answer(&mut card, &ctap(&[0x04], Waiting::Blocked), Form::Short);
    assert_eq!(refused, [0x01]);
}

#[test]
fn nothing_is_answered_before_an_application_is_selected_or_without_power() {
    let mut card = card();
    let get_info = ctap(&[0x04], Waiting::Blocked);
    assert_eq!(answer(&mut card, &get_info, Form::Short).1, StatusWord::CONDITIONS);
    assert_eq!(
        answer(&mut card, &select(&[0xA0, 0, 0]), Form::Short).1,
        StatusWord::NOT_FOUND
    );
    answer(&mut card, &select(&FIDO_AID), Form::Short);
    card.warm_reset();
    assert_eq!(
        answer(&mut card, &get_info, Form::Short).1,
        StatusWord::CONDITIONS,
        "a reset deselects"
    );
    answer(&mut card, &select(&FIDO_AID), Form::Short);
    card.processor().authenticator().power_off();
    assert_eq!(answer(&mut card, &get_info, Form::Short).1, StatusWord(0x6F00));
}
