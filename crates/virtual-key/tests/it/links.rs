//! What depends on the way a message came in.

use claviger_ctap::hid::{Assembler, ChannelRequest, ChannelResponse, Command as HidCommand, Message, Report, Step};
use claviger_ctap::wire::{Body as _, Command, get_info::Info};
use claviger_virtual_key::card::Direct;
use claviger_virtual_key::hid::Device;
use claviger_virtual_key::{Authenticator, Link};

use crate::disk::Memory;
use crate::key::Key;
use crate::world::World;

/// Sends a message through a cable and puts together what comes back.
fn said(device: &mut Device<Direct>, message: &Message) -> Message {
    let sent = message.reports().unwrap();
    let mut back: Vec<Report> = sent.iter().flat_map(|report| device.take(report)).collect();
    back.extend(device.work());
    let mut assembler = Assembler::device();
    let whole = back.iter().find_map(|report| match assembler.take(report) {
        Step::Whole(message) => Some(message),
        Step::Waiting | Step::Ignored | Step::Refused(..) => None,
    });
    whole.unwrap()
}

fn transports(answer: &[u8]) -> Vec<String> {
    assert_eq!(answer[0], 0);
    Info::decode_response(&answer[1..]).unwrap().transports
}

#[test]
fn on_a_cable_a_key_is_a_usb_key_and_nothing_else() {
    let key = Authenticator::open(Box::new(Memory::default()), Box::new(World::default()), "CLV0000001").unwrap();
    let mut device = Device::new(Direct::new(key));
    device.power_on();
    let request = ChannelRequest { nonce: [7; 8] };
    let answer = said(&mut device, &request.message());
    let channel = ChannelResponse::of(&answer, &request).unwrap().channel;
    let ask = Message::new(channel, HidCommand::Cbor, [Command::GetInfo.byte()]);
    assert_eq!(transports(&said(&mut device, &ask).payload), ["usb"]);
}

#[test]
fn in_a_reader_a_key_is_a_card() {
    let mut key = Key::new();
    for link in [Link::Contact, Link::Contactless] {
        let answer = key.authenticator.exchange(&[Command::GetInfo.byte()], link).unwrap();
        assert_eq!(transports(&answer), ["nfc", "smart-card"]);
    }
}
