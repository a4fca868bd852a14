//! A device whose work is done, or waits, as a test says.

use std::collections::VecDeque;

use super::*;

#[derive(Default)]
struct Desk {
    plan: VecDeque<Progress>,
    started: Vec<Vec<u8>>,
    cancelled: u32,
}

impl Processor for Desk {
    fn power_on(&mut self) {}
    fn power_off(&mut self) {}
    fn start(&mut self, message: Vec<u8>, _: Link) {
        self.started.push(message);
    }
    fn progress(&mut self) -> Progress {
        self.plan.pop_front().unwrap_or(Progress::Idle)
    }
    fn cancel(&mut self) {
        self.cancelled += 1;
    }
}

/// Sends a message and puts together what comes back.
fn said(device: &mut Device<Desk>, message: &Message) -> Option<Message> {
    let sent = message.reports().unwrap();
    let back: Vec<Report> = sent.iter().flat_map(|report| device.take(report)).collect();
    whole(&back)
}

fn whole(reports: &[Report]) -> Option<Message> {
    let mut assembler = Assembler::device();
    reports.iter().find_map(|report| match assembler.take(report) {
        Step::Whole(message) => Some(message),
        Step::Waiting | Step::Ignored | Step::Refused(..) => None,
    })
}

fn channel(device: &mut Device<Desk>) -> u32 {
    let request = ChannelRequest { nonce: [7; 8] };
    let answer = said(device, &request.message()).unwrap();
    assert_eq!(answer.channel, BROADCAST);
    ChannelResponse::of(&answer, &request).unwrap().channel
}

fn device(plan: impl Into<VecDeque<Progress>>) -> Device<Desk> {
    Device::new(Desk {
        plan: plan.into(),
        ..Desk::default()
    })
}

fn error(channel: u32, fault: TransportError) -> Message {
    Message::new(channel, Command::Error, [fault.byte()])
}

#[test]
fn everybody_gets_a_channel_of_his_own() {
    let mut device = device([]);
    assert_eq!([channel(&mut device), channel(&mut device)], [1, 2]);
    let ping = Message::new(2, Command::Ping, [5; 200]);
    assert_eq!(said(&mut device, &ping), Some(ping));
    let unknown = Message::new(3, Command::Ping, []);
    assert_eq!(
        said(&mut device, &unknown),
        Some(error(3, TransportError::InvalidChannel))
    );
}

#[test]
fn a_long_message_comes_in_and_its_answer_goes_out_after_signs_of_life() {
    let answer = vec![9; 1_000];
    let plan = [Progress::Works, Progress::WaitsForTouch, Progress::Done(answer.clone())];
    let mut device = device(plan);
    let own = channel(&mut device);
    assert_eq!(said(&mut device, &Message::new(own, Command::Cbor, [4; 300])), None);
    assert_eq!(device.processor().started, [vec![4; 300]]);
    for state in [1, 2] {
        assert_eq!(
            whole(&device.work()),
            Some(Message::new(own, Command::Keepalive, [state]))
        );
    }
    assert_eq!(whole(&device.work()), Some(Message::new(own, Command::Cbor, answer)));
    assert!(!device.is_busy());
}

#[test]
fn while_it_works_for_one_the_others_are_told_so_and_only_that_one_stops_it() {
    let mut device = device([]);
    let (own, other) = (channel(&mut device), channel(&mut device));
    said(&mut device, &Message::new(own, Command::Cbor, [4]));
    let busy = Some(error(other, TransportError::ChannelBusy));
    assert_eq!(said(&mut device, &Message::new(other, Command::Cbor, [4])), busy);
    assert_eq!(channel(&mut device), 3);
    for (from, cancelled) in [(other, 0), (own, 1)] {
        assert_eq!(said(&mut device, &Message::new(from, Command::Cancel, [])), None);
        assert_eq!(device.processor().cancelled, cancelled);
    }
}

#[test]
fn a_request_for_the_channel_it_has_ends_what_is_under_way() {
    let mut device = device([]);
    let own = channel(&mut device);
    said(&mut device, &Message::new(own, Command::Cbor, [4]));
    let again = Message::new(own, Command::Init, [3; 8]);
    assert_eq!(said(&mut device, &again).unwrap().channel, own);
    assert!(!device.is_busy());
    assert_eq!(device.processor().cancelled, 1);
}

#[test]
fn broken_frames_are_refused_by_name() {
    let mut device = device([]);
    let own = channel(&mut device);
    let frames = Message::new(own, Command::Cbor, [4; 300]).reports().unwrap();
    assert_eq!(device.take(&frames[0]), Vec::<Report>::new());
    assert!(device.is_incomplete());
    let skipped = whole(&device.take(&frames[2]));
    assert_eq!(skipped, Some(error(own, TransportError::InvalidSequence)));
    device.take(&frames[0]);
    assert_eq!(whole(&device.give_up()), Some(error(own, TransportError::Timeout)));
    let wrong = [
        (Command::Msg, vec![1], TransportError::InvalidCommand),
        (Command::Cbor, vec![], TransportError::InvalidLength),
    ];
    for (command, payload, fault) in wrong {
        assert_eq!(
            said(&mut device, &Message::new(own, command, payload)),
            Some(error(own, fault))
        );
    }
    assert!(device.processor().started.is_empty());
}

#[test]
fn an_answer_that_never_comes_is_an_error_and_not_silence() {
    let mut device = device([Progress::Idle]);
    let own = channel(&mut device);
    said(&mut device, &Message::new(own, Command::Cbor, [4]));
    assert_eq!(whole(&device.work()), Some(error(own, TransportError::Other(0x7F))));
}

#[test]
fn a_key_that_was_pulled_out_forgot_its_channels() {
    let mut device = device([]);
    let own = channel(&mut device);
    device.power_off();
    let late = Message::new(own, Command::Ping, []);
    assert_eq!(
        said(&mut device, &late),
        Some(error(own, TransportError::InvalidChannel))
    );
}
