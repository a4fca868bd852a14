//! Frames by CTAP §11.2.4, and what happens when they come otherwise.

use proptest::prelude::*;

use super::*;

const CHANNEL: u32 = 0x0102_0304;

fn ping(length: usize) -> Message {
    let payload: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
    Message::new(CHANNEL, Command::Ping, payload)
}

fn all(assembler: &mut Assembler, reports: &[Report]) -> Vec<Step> {
    reports.iter().map(|report| assembler.take(report)).collect()
}

#[test]
fn reports_look_as_the_specification_draws_them() {
    let reports = ping(58).reports().unwrap();
    assert_eq!(reports.len(), 2);
    assert_eq!(reports[0][..8], [1, 2, 3, 4, 0x81, 0, 58, 0]);
    assert_eq!(reports[0][63], 56);
    assert_eq!(reports[1][..7], [1, 2, 3, 4, 0x00, 57, 0]);
    let longest = ping(LONGEST_PAYLOAD).reports().unwrap();
    assert_eq!((LONGEST_PAYLOAD, longest.len(), longest[128][4]), (7_609, 129, 0x7F));
    assert_eq!(ping(7_610).reports(), Err(TooLong(7_610)));
}

#[test]
fn messages_of_every_length_come_back() {
    for length in [0, 1, 56, 57, 58, 116, 117, 1_024, LONGEST_PAYLOAD] {
        for mut assembler in [Assembler::device(), Assembler::platform(CHANNEL)] {
            let mut steps = all(&mut assembler, &ping(length).reports().unwrap());
            assert_eq!(steps.pop(), Some(Step::Whole(ping(length))), "{length}");
            assert!(steps.iter().all(|step| *step == Step::Waiting));
            assert_eq!(assembler.under_way(), None);
        }
    }
}

#[test]
fn a_platform_hears_its_own_channel_alone() {
    let mut assembler = Assembler::platform(9);
    assert_eq!(all(&mut assembler, &ping(3).reports().unwrap()), [Step::Ignored]);
}

#[test]
fn another_channel_has_to_wait() {
    let mut device = Assembler::device();
    let reports = ping(100).reports().unwrap();
    let other = Message::new(7, Command::Ping, [1]).reports().unwrap();
    assert_eq!(device.take(&reports[0]), Step::Waiting);
    assert_eq!(device.take(&other[0]), Step::Refused(7, TransportError::ChannelBusy));
    assert_eq!(device.under_way(), Some(CHANNEL));
    assert_eq!(device.take(&reports[1]), Step::Whole(ping(100)));
}

#[test]
fn packets_out_of_turn_end_the_message() {
    let reports = ping(200).reports().unwrap();
    let mut device = Assembler::device();
    assert_eq!(device.take(&reports[1]), Step::Ignored, "continues nothing");
    device.take(&reports[0]);
    assert_eq!(
        device.take(&reports[2]),
        Step::Refused(CHANNEL, TransportError::InvalidSequence)
    );
    assert_eq!(device.take(&reports[1]), Step::Ignored, "the message was given up");
    device.take(&reports[0]);
    assert_eq!(
        device.take(&reports[0]),
        Step::Refused(CHANNEL, TransportError::InvalidSequence)
    );
    device.take(&reports[0]);
    device.forget();
    assert_eq!(device.under_way(), None);
}

#[test]
fn init_gets_a_channel_out_of_anything() {
    let mut device = Assembler::device();
    device.take(&ping(200).reports().unwrap()[0]);
    let again = Message::new(CHANNEL, Command::Init, [1; 8]);
    assert_eq!(all(&mut device, &again.reports().unwrap()), [Step::Whole(again)]);
}

#[test]
fn channels_that_cannot_be_are_refused() {
    for channel in [0, BROADCAST] {
        let message = Message::new(channel, Command::Cbor, [4]).reports().unwrap();
        let refused = Step::Refused(channel, TransportError::InvalidChannel);
        assert_eq!(all(&mut Assembler::device(), &message), [refused]);
    }
}

#[test]
fn a_length_over_the_longest_is_refused() {
    let mut report = ping(1).reports().unwrap()[0];
    (report[5], report[6]) = (0x1D, 0xBA);
    let refused = Step::Refused(CHANNEL, TransportError::InvalidLength);
    assert_eq!(Assembler::device().take(&report), refused);
}

#[test]
fn nothing_is_under_way_on_the_broadcast_channel() {
    let long = Message::new(BROADCAST, Command::Init, [1; 58]).reports().unwrap();
    let mut device = Assembler::device();
    assert_eq!(
        device.take(&long[0]),
        Step::Refused(BROADCAST, TransportError::InvalidLength)
    );
    assert_eq!(device.under_way(), None);
}

#[test]
fn a_channel_is_asked_for_and_given() {
    let request = ChannelRequest { nonce: [7; 8] };
    let asked = request.message();
    assert_eq!((asked.channel, ChannelRequest::of(&asked)), (BROADCAST, Some(request)));
    assert_eq!(
        ChannelRequest::of(&Message::new(BROADCAST, Command::Init, [7; 9])),
        None
    );
    let response = ChannelResponse {
        nonce: [7; 8],
        channel: CHANNEL,
        version: [1, 2, 3],
        capabilities: Capabilities(Capabilities::CBOR.0 | Capabilities::NO_MSG.0),
    };
    let answered = response.message(BROADCAST);
    assert_eq!(answered.payload, [7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3, 4, 2, 1, 2, 3, 0x0C]);
    assert_eq!(ChannelResponse::of(&answered, &request), Some(response));
    assert!(response.capabilities.contains(Capabilities::CBOR) && !response.capabilities.contains(Capabilities::WINK));
    assert_eq!(ChannelResponse::of(&answered, &ChannelRequest { nonce: [8; 8] }), None);
    for end in 0..answered.payload.len() {
        let cut = Message::new(BROADCAST, Command::Init, &answered.payload[..end]);
        assert_eq!(ChannelResponse::of(&cut, &request), None, "{end}");
    }
    let nowhere = ChannelResponse {
        channel: BROADCAST,
        ..response
    };
    assert_eq!(ChannelResponse::of(&nowhere.message(BROADCAST), &request), None);
}

#[test]
fn replies_are_told_apart() {
    let of = |command, payload: &[u8]| Reply::from(Message::new(1, command, payload));
    assert_eq!(of(Command::Cbor, &[0, 0xA0]), Reply::Cbor(vec![0, 0xA0]));
    assert_eq!(
        of(Command::Keepalive, &[2]),
        Reply::Keepalive(Keepalive::UserPresenceNeeded)
    );
    assert_eq!(of(Command::Error, &[6]), Reply::Error(TransportError::ChannelBusy));
    assert_eq!(of(Command::Error, &[]), Reply::Error(TransportError::Other(0x7F)));
    assert!(matches!(of(Command::Keepalive, &[]), Reply::Other(_)));
    assert_eq!(
        TransportError::ChannelBusy.to_string(),
        "the device serves another program"
    );
    assert!(
        (0..=u8::MAX).all(|byte| TransportError::from(byte).byte() == byte && Keepalive::from(byte).byte() == byte)
    );
    assert!((0..=0x7F).all(|byte| Command::from(byte).byte() == byte));
    assert_eq!((USAGE_PAGE, USAGE), (0xF1D0, 1));
}

proptest! {
    #[test]
    fn whatever_comes_a_whole_message_follows(noise in prop::collection::vec(any::<[u8; 32]>(), 0..20), length in 0usize..300) {
        let mut device = Assembler::device();
        for half in &noise {
            let mut report = [0; REPORT];
            report[..32].copy_from_slice(half);
            report[0..4].copy_from_slice(&(u32::from(half[0]) % 3).to_be_bytes());
            if let Step::Whole(message) = device.take(&report) {
                prop_assert!(message.payload.len() <= LONGEST_PAYLOAD);
            }
        }
        device.forget();
        let steps = all(&mut device, &ping(length).reports().unwrap());
        prop_assert_eq!(steps.last(), Some(&Step::Whole(ping(length))));
    }
}
