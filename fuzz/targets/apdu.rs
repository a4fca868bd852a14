//! APDUs: a card answers whatever it is sent with at most what was wanted, and a platform comes to an end with whatever
//! card.
#![no_main]

use claviger_ctap::apdu::{Card, Command, Failure, Form, Received, Response, StatusWord, Waiting, ctap, exchange};
use libfuzzer_sys::fuzz_target;

const LONGEST: usize = 2_000;

/// The input in parts, each with its length before it.
fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some((length, rest)) = bytes.split_first() {
        let (part, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        parts.push(part);
        bytes = rest;
    }
    parts
}

fn card(apdus: &[&[u8]]) {
    let mut card = Card::new(LONGEST);
    for apdu in apdus {
        let answer = match card.receive(apdu) {
            Received::Answered(answer) => answer,
            Received::Command(command) => {
                assert!(command.data.len() <= LONGEST && !command.is_chained());
                let whole = command.apdus(Form::Extended);
                assert_eq!(Command::decode(&whole[0]), Ok(command.clone()));
                // Twice as much as came, so that answers are parted too.
                card.answer(&command, Response::new(command.data.repeat(2), StatusWord::OK))
            }
        };
        let answer = Response::decode(&answer).expect("a card answers");
        let wanted = Command::decode(apdu)
            .ok()
            .and_then(|command| command.wanted)
            .unwrap_or(256);
        assert!(answer.data.len() <= wanted as usize);
    }
}

fn platform(answers: &[&[u8]], message: &[u8]) {
    for form in [Form::Short, Form::Extended] {
        let mut left = answers.iter().cycle();
        let mut send = |apdu: &[u8]| {
            assert!(Command::decode(apdu).is_ok(), "no APDU was sent");
            left.next().map(|answer| answer.to_vec()).ok_or("nothing")
        };
        match exchange(&ctap(message, Waiting::Blocked), form, &mut send) {
            Ok(response) => assert!(response.data.len() < 66_100 && response.status.more().is_none()),
            Err(Failure::Send(said)) => assert!(answers.is_empty(), "{said}"),
            Err(failure) => assert!(failure.to_string().len() < 100),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    card(&parts);
    platform(&parts, &bytes[..bytes.len().min(600)]);
});
