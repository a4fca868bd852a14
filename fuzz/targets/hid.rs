//! CTAPHID frames: any reports lead to steps, never to more than a message can hold; and behind any of them a whole
//! message gets through once its channel is cleared.
#![no_main]

use claviger_ctap::hid::{
    Assembler, BROADCAST, ChannelRequest, ChannelResponse, Command, LONGEST_PAYLOAD, Message, REPORT, Reply, Step,
};
use libfuzzer_sys::fuzz_target;

fn whole(message: Message) {
    assert!(message.payload.len() <= LONGEST_PAYLOAD);
    assert!(message.channel != 0 && (message.channel != BROADCAST || message.command == Command::Init));
    let reports = message.reports().expect("what came in fits");
    let mut assembler = Assembler::platform(message.channel);
    let steps: Vec<Step> = reports.iter().map(|report| assembler.take(report)).collect();
    assert_eq!(
        steps.last(),
        Some(&Step::Whole(message.clone())),
        "it does not go out as it came"
    );
    if let Some(request) = ChannelRequest::of(&message) {
        assert_eq!(request.nonce.as_slice(), message.payload);
        let _ = ChannelResponse::of(&message, &request);
    }
    let _ = Reply::from(message);
}

fuzz_target!(|bytes: &[u8]| {
    let mut device = Assembler::device();
    // A report of the input: how many channels there are is kept small, so that they meet.
    for part in bytes.chunks(REPORT - 3) {
        let mut report = [0; REPORT];
        report[3] = part[0] % 3;
        report[4..part.len() + 3].copy_from_slice(&part[1..]);
        if part[0] & 0x80 != 0 {
            report[..4].fill(0xFF);
        }
        let before = device.under_way();
        match device.take(&report) {
            Step::Whole(message) => {
                assert_eq!(device.under_way(), None);
                whole(message);
            }
            Step::Waiting => assert!(device.under_way().is_some()),
            Step::Ignored => assert_eq!(device.under_way(), before),
            Step::Refused(channel, error) => {
                assert!(!error.to_string().is_empty() && device.under_way() != Some(channel))
            }
        }
    }
    device.forget();
    let message = Message::new(1, Command::Cbor, &bytes[..bytes.len().min(LONGEST_PAYLOAD)]);
    let steps: Vec<Step> = message
        .reports()
        .expect("cut to fit")
        .iter()
        .map(|report| device.take(report))
        .collect();
    assert_eq!(steps.last(), Some(&Step::Whole(message)));
});
