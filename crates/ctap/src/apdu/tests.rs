//! APDUs by ISO 7816, and both sides against each other.

use std::convert::Infallible;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::hid::Keepalive;

type Sent = Result<Vec<u8>, Infallible>;

fn decoded(apdu: &[u8]) -> (Vec<u8>, Option<u32>) {
    let command = Command::decode(apdu).unwrap();
    assert_eq!(command.header, [0x80, 0x10, 0, 0]);
    (command.data, command.wanted)
}

#[test]
fn the_seven_cases_of_iso_7816_3_are_read() {
    let with = |rest: &[u8]| [&[0x80, 0x10, 0, 0], rest].concat();
    assert_eq!(decoded(&with(&[])), (vec![], None), "1");
    assert_eq!(decoded(&with(&[0])), (vec![], Some(256)), "2S");
    assert_eq!(decoded(&with(&[2, 7, 8])), (vec![7, 8], None), "3S");
    assert_eq!(decoded(&with(&[2, 7, 8, 9])), (vec![7, 8], Some(9)), "4S");
    assert_eq!(decoded(&with(&[0, 1, 0])), (vec![], Some(256)), "2E");
    assert_eq!(decoded(&with(&[0, 0, 0])), (vec![], Some(65_536)), "2E");
    assert_eq!(decoded(&with(&[0, 0, 2, 7, 8])), (vec![7, 8], None), "3E");
    assert_eq!(decoded(&with(&[0, 0, 2, 7, 8, 0, 0])), (vec![7, 8], Some(65_536)), "4E");
    for wrong in [
        &[2, 7][..],
        &[2, 7, 8, 9, 9],
        &[0, 0],
        &[0, 0, 2, 7],
        &[0, 0, 2, 7, 8, 0],
        &[0, 0, 0, 1],
        &[0, 0, 0, 0, 0],
    ] {
        assert_eq!(Command::decode(&with(wrong)), Err(Unreadable), "{wrong:?}");
    }
    assert_eq!(Command::decode(&[0x80, 0x10, 0]), Err(Unreadable));
}

#[test]
fn what_is_sent_looks_as_the_specification_says() {
    let apdus = select(&FIDO_AID).apdus(Form::Short);
    assert_eq!(
        apdus,
        [vec![0x00, 0xA4, 0x04, 0x00, 8, 0xA0, 0, 0, 6, 0x47, 0x2F, 0, 1, 0]]
    );
    assert_eq!(select(&FIDO_AID).instruction(), SELECT);
    let get_info = ctap(&[4], Waiting::Blocked);
    assert_eq!(get_info.apdus(Form::Short), [vec![0x80, 0x10, 0, 0, 1, 4, 0]]);
    assert_eq!(
        get_info.apdus(Form::Extended),
        [vec![0x80, 0x10, 0, 0, 0, 0, 1, 4, 0, 0]]
    );
    assert_eq!(ctap(&[4], Waiting::Polled).header, [0x80, NFCCTAP_MSG, 0x80, 0]);
    let chain = ctap(&[5; 481], Waiting::Blocked).apdus(Form::Short);
    let heads: Vec<_> = chain.iter().map(|apdu| (apdu[0], apdu[4], apdu.len())).collect();
    assert_eq!(heads, [(0x90, 240, 245), (0x90, 240, 245), (0x80, 1, 7)]);
}

/// A card that answers every command with as many bytes as its first two say.
fn telling(card: &mut Card, apdu: &[u8]) -> Vec<u8> {
    match card.receive(apdu) {
        Received::Answered(answer) => answer,
        Received::Command(command) => {
            let length = command
                .data
                .first_chunk()
                .map_or(0, |length| u16::from_be_bytes(*length));
            let data: Vec<u8> = (0..=u8::MAX).cycle().take(length.into()).collect();
            card.answer(&command, Response::new(data, StatusWord::OK))
        }
    }
}

#[test]
fn long_commands_and_long_answers_get_through_in_both_forms() {
    for form in [Form::Short, Form::Extended] {
        for (asked, told) in [
            (2, 0),
            (2, 1),
            (240, 255),
            (241, 256),
            (700, 257),
            (1_200, 512),
            (4_000, 7_000),
        ] {
            let mut card = Card::new(8_000);
            let mut message = vec![9; asked];
            message[..2].copy_from_slice(&u16::try_from(told).unwrap().to_be_bytes());
            let mut send = |apdu: &[u8]| -> Sent { Ok(telling(&mut card, apdu)) };
            let response = exchange(&ctap(&message, Waiting::Blocked), form, &mut send).unwrap();
            assert_eq!(
                (response.data.len(), response.status),
                (told, StatusWord::OK),
                "{form:?} {asked}"
            );
            assert!(
                response
                    .data
                    .iter()
                    .zip((0..=u8::MAX).cycle())
                    .all(|(byte, wanted)| *byte == wanted)
            );
        }
    }
}

#[test]
fn a_card_refuses_what_is_too_long_and_forgets_it() {
    let mut card = Card::new(300);
    let links = ctap(&[0; 600], Waiting::Blocked).apdus(Form::Short);
    assert_eq!(card.receive(&links[0]), Received::Answered(vec![0x90, 0]));
    assert_eq!(card.receive(&links[1]), Received::Answered(vec![0x67, 0]));
    let Received::Command(last) = card.receive(&links[2]) else {
        panic!("the chain was forgotten")
    };
    assert_eq!(last.data.len(), 120);
}

#[test]
fn select_works_in_the_middle_of_a_chain_and_of_an_answer() {
    let mut card = Card::new(1_000);
    card.receive(&ctap(&[1; 600], Waiting::Blocked).apdus(Form::Short)[0]);
    let select = &select(&FIDO_AID).apdus(Form::Short)[0];
    let Received::Command(command) = card.receive(select) else {
        panic!("no command")
    };
    assert_eq!(command.data, FIDO_AID);
    assert_eq!(
        card.answer(&command, Response::new([7; 300], StatusWord::OK))[256..],
        [0x61, 44]
    );
    assert!(matches!(card.receive(select), Received::Command(_)));
    let more = [0x00, GET_RESPONSE, 0, 0, 0];
    assert_eq!(
        card.receive(&more),
        Received::Answered(vec![0x69, 0x85]),
        "the rest was dropped"
    );
    assert_eq!(card.receive(&[0]), Received::Answered(vec![0x67, 0]));
}

#[test]
fn a_wrong_length_is_asked_again_with_the_right_one() {
    let mut asked = Vec::new();
    let mut send = |apdu: &[u8]| -> Sent {
        asked.push(apdu.to_vec());
        Ok(if asked.len() == 1 {
            vec![0x6C, 3]
        } else {
            vec![1, 2, 3, 0x90, 0]
        })
    };
    let response = exchange(&ctap(&[4], Waiting::Blocked), Form::Short, &mut send).unwrap();
    assert_eq!(response.data, [1, 2, 3]);
    assert_eq!(asked[1], [0x80, 0x10, 0, 0, 1, 4, 3]);
}

#[test]
fn a_card_that_never_ends_is_left() {
    let command = ctap(&[4], Waiting::Blocked);
    let mut empty = |_: &[u8]| -> Sent { Ok(vec![0x61, 5]) };
    assert_eq!(exchange(&command, Form::Short, &mut empty), Err(Failure::Endless));
    let mut full = |_: &[u8]| -> Sent { Ok([&[0; 256][..], &[0x61, 0]].concat()) };
    assert_eq!(exchange(&command, Form::Short, &mut full), Err(Failure::Endless));
    let mut nothing = |_: &[u8]| -> Sent { Ok(vec![0x90]) };
    assert_eq!(exchange(&command, Form::Short, &mut nothing), Err(Failure::Unreadable));
    let mut refusing = |_: &[u8]| -> Sent { Ok(vec![0x68, 0x84]) };
    let long = ctap(&[4; 300], Waiting::Blocked);
    let refused = exchange(&long, Form::Short, &mut refusing).unwrap_err();
    assert_eq!(refused.to_string(), "the card refuses with 6884");
    let broken = exchange(&command, Form::Short, &mut |_| Err::<Vec<u8>, _>(Unreadable));
    assert_eq!(broken, Err(Failure::Send(Unreadable)));
}

#[test]
fn a_card_that_waits_for_a_touch_is_polled_and_can_be_cancelled() {
    for cancelled in [false, true] {
        let mut asked = Vec::new();
        let mut send = |apdu: &[u8]| -> Sent {
            asked.push((apdu[1], apdu[2]));
            Ok(match asked.as_slice() {
                [_] | [_, _] => vec![2, 0x91, 0],
                [.., (_, 0x11)] => vec![0x2D, 0x90, 0],
                _ => vec![0, 0x90, 0],
            })
        };
        let mut seen = Vec::new();
        let mut notice = |state| {
            seen.push(state);
            if cancelled && seen.len() == 2 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let answer = exchange_ctap(&[1], (Form::Short, Waiting::Polled), &mut send, &mut notice).unwrap();
        assert_eq!(answer, [if cancelled { 0x2D } else { 0 }]);
        assert_eq!(seen, [Keepalive::UserPresenceNeeded; 2]);
        assert_eq!(asked[1], (NFCCTAP_GETRESPONSE, 0));
    }
    let mut unasked = |_: &[u8]| -> Sent { Ok(vec![2, 0x91, 0]) };
    let refused = exchange_ctap(&[1], (Form::Short, Waiting::Blocked), &mut unasked, &mut |_| {
        ControlFlow::Continue(())
    });
    assert_eq!(refused, Err(Failure::Refused(StatusWord::UNDER_WAY)));
}

#[test]
fn status_words_say_what_is_left() {
    assert_eq!(
        (
            StatusWord(0x6100).more(),
            StatusWord(0x61FF).more(),
            StatusWord::OK.more()
        ),
        (Some(256), Some(255), None)
    );
    assert_eq!(
        (StatusWord(0x6C10).exactly(), StatusWord::NOT_FOUND.exactly()),
        (Some(16), None)
    );
    let words = [
        StatusWord::SECURITY_STATUS,
        StatusWord::WRONG_DATA,
        StatusWord::WRONG_PARAMETERS,
        StatusWord::UNKNOWN_INSTRUCTION,
        StatusWord::UNKNOWN_CLASS,
    ];
    assert_eq!(
        words.map(|word| word.to_string()),
        ["6982", "6A80", "6A86", "6D00", "6E00"]
    );
}

proptest! {
    #[test]
    fn commands_come_back_in_both_forms(data in prop::collection::vec(any::<u8>(), 0..600), wanted in prop::option::of(1u32..=65_536)) {
        let command = Command { header: [0x80, 0x10, 1, 2], data, wanted };
        let extended = command.apdus(Form::Extended);
        prop_assert_eq!(Command::decode(&extended[0]), Ok(command.clone()));
        let mut card = Card::new(600);
        let mut links = command.apdus(Form::Short);
        let last = links.pop().unwrap();
        for link in links {
            prop_assert_eq!(card.receive(&link), Received::Answered(vec![0x90, 0]));
        }
        let short = Command { wanted: command.wanted.map(|wanted| wanted.min(256)), ..command };
        prop_assert_eq!(card.receive(&last), Received::Command(short));
    }

    #[test]
    fn any_apdus_are_answered(apdus in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..20)) {
        let mut card = Card::new(50);
        for apdu in apdus {
            prop_assert!(Response::decode(&telling(&mut card, &apdu)).is_ok());
        }
    }
}
