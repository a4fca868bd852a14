//! A key behind a virtual cable: what it says comes from a list, and what it hears is kept.

use std::{cell::RefCell, collections::VecDeque, ops::ControlFlow, rc::Rc};

use claviger_ctap::hid::Keepalive;

use super::*;
use crate::place::{Cable, Content};

const CHANNEL: u32 = 0x0A0B_0C0D;
const NONCE: [u8; 8] = [7; 8];

/// What the key does with the next message that it hears.
enum Does {
    /// Says these messages.
    Says(Vec<Message>),
    /// Says these reports as they are.
    Sends(Vec<Report>),
    /// Is taken out.
    Leaves,
}

#[derive(Default)]
struct Cable0 {
    plan: VecDeque<Does>,
    coming: VecDeque<Report>,
    heard: Rc<RefCell<Vec<Message>>>,
    assembler: Assembler,
    gone: bool,
}

impl Cable0 {
    fn gone(&self) -> Result<(), Trouble> {
        if self.gone {
            return Err(Trouble::Gone {
                place: "usb".to_owned(),
            });
        }
        Ok(())
    }
}

impl Reports for Cable0 {
    fn send(&mut self, report: &Report) -> Result<(), Trouble> {
        self.gone()?;
        let Step::Whole(message) = self.assembler.take(report) else {
            return Ok(());
        };
        self.heard.borrow_mut().push(message);
        match self.plan.pop_front() {
            Some(Does::Says(messages)) => {
                self.coming
                    .extend(messages.iter().flat_map(|message| message.reports().unwrap()));
            }
            Some(Does::Sends(reports)) => self.coming.extend(reports),
            Some(Does::Leaves) => self.gone = true,
            None => {}
        }
        Ok(())
    }

    fn receive(&mut self, _: Duration) -> Result<Option<Report>, Trouble> {
        self.gone()?;
        Ok(self.coming.pop_front())
    }
}

fn given(nonce: [u8; 8]) -> Message {
    ChannelResponse {
        nonce,
        channel: CHANNEL,
        version: [1, 0, 0],
        capabilities: Capabilities::CBOR,
    }
    .message(BROADCAST)
}

fn says(command: Command, payload: &[u8]) -> Message {
    Message::new(CHANNEL, command, payload)
}

struct Opened {
    link: Result<HidLink<Cable0>, Trouble>,
    heard: Rc<RefCell<Vec<Message>>>,
}

fn opened(plan: Vec<Does>) -> Opened {
    let cable = Cable0 {
        plan: plan.into(),
        assembler: Assembler::device(),
        ..Cable0::default()
    };
    let heard = Rc::clone(&cable.heard);
    let place = Place {
        cable: Cable::Usb,
        name: "/dev/hidraw0".to_owned(),
        product: Some("Solo".to_owned()),
        usb_serial: None,
        content: Content::Key,
        visit: 0,
    };
    let link = HidLink::open(cable, &place, NONCE);
    Opened { link, heard }
}

/// What comes of a request to a key that follows this plan; keepalives are told to `notice`.
fn told(mut plan: Vec<Does>, notice: &mut Notice<'_>) -> (Result<Vec<u8>, Trouble>, Opened) {
    plan.insert(0, Does::Says(vec![given(NONCE)]));
    let mut opened = opened(plan);
    let answer = opened.link.as_mut().unwrap().exchange(&[4], notice);
    (answer, opened)
}

fn asked(plan: Vec<Does>) -> (Result<Vec<u8>, Trouble>, Opened) {
    told(plan, &mut |_| ControlFlow::Continue(()))
}

#[test]
fn an_answer_comes_back_on_our_channel_however_long_it_is() {
    let long: Vec<u8> = (0..=u8::MAX).cycle().take(1_000).collect();
    let (answer, opened) = asked(vec![Does::Says(vec![says(Command::Cbor, &long)])]);
    assert_eq!(answer.unwrap(), long);
    assert_eq!(opened.heard.borrow()[1], says(Command::Cbor, &[4]));
}

#[test]
fn answers_to_another_program_are_not_taken_for_ours() {
    let opened = opened(vec![Does::Says(vec![given([9; 8]), given(NONCE)])]);
    assert_eq!(opened.link.unwrap().channel, CHANNEL);
    let strange = Message::new(5, Command::Cbor, [1, 2]);
    let (answer, _) = asked(vec![Does::Says(vec![strange, says(Command::Cbor, &[0])])]);
    assert_eq!(answer.unwrap(), [0]);
}

#[test]
fn every_sign_of_life_is_told() {
    let alive = |state| says(Command::Keepalive, &[state]);
    let mut seen = Vec::new();
    let (answer, _) = told(
        vec![Does::Says(vec![
            alive(1),
            alive(2),
            alive(2),
            says(Command::Cbor, &[0]),
        ])],
        &mut |state| {
            seen.push(state);
            ControlFlow::Continue(())
        },
    );
    assert_eq!(answer.unwrap(), [0]);
    let touch = Keepalive::UserPresenceNeeded;
    assert_eq!(seen, [Keepalive::Processing, touch, touch]);
}

#[test]
fn a_key_that_is_taken_out_while_it_waits_for_a_touch_is_gone() {
    let (answer, _) = asked(vec![Does::Leaves]);
    assert!(matches!(answer, Err(Trouble::Gone { .. })));
}

#[test]
fn a_key_that_says_nothing_is_silent_and_one_that_only_keeps_alive_is_stopped_some_day() {
    let (answer, _) = asked(Vec::new());
    assert!(matches!(answer, Err(Trouble::Silent { .. })));
    let forever = vec![says(Command::Keepalive, &[2]); 4_000];
    let (answer, opened) = asked(vec![Does::Says(forever)]);
    assert!(matches!(answer, Err(Trouble::Silent { .. })));
    assert_eq!(opened.heard.borrow().last().unwrap().command, Command::Cancel);
}

#[test]
fn a_key_is_told_to_stop_once_and_its_answer_is_that_it_stopped() {
    let touch = || says(Command::Keepalive, &[2]);
    let (answer, opened) = told(
        vec![
            Does::Says(vec![touch(), touch(), touch()]),
            Does::Says(vec![says(Command::Cbor, &[0x2D])]),
        ],
        &mut |_| ControlFlow::Break(()),
    );
    assert_eq!(answer, Err(Trouble::Stopped));
    let heard = opened.heard.borrow();
    assert_eq!(
        heard
            .iter()
            .filter(|message| message.command == Command::Cancel)
            .count(),
        1
    );
}

#[test]
fn a_key_that_was_done_before_it_heard_that_it_should_stop_has_done_it() {
    let touch = says(Command::Keepalive, &[2]);
    let (answer, _) = told(vec![Does::Says(vec![touch, says(Command::Cbor, &[0x00])])], &mut |_| {
        ControlFlow::Break(())
    });
    assert_eq!(answer.unwrap(), [0x00]);
}

#[test]
fn another_programs_turn_is_waited_for() {
    let busy = || Does::Says(vec![says(Command::Error, &[0x06])]);
    let (answer, _) = asked(vec![busy(), busy(), Does::Says(vec![says(Command::Cbor, &[0])])]);
    assert_eq!(answer.unwrap(), [0]);
    let (answer, _) = asked((0..200).map(|_| busy()).collect());
    assert!(matches!(answer, Err(Trouble::InUse { .. })));
}

#[test]
fn hostile_answers_are_refused_and_end() {
    let mut too_long = says(Command::Cbor, &[0]).reports().unwrap()[0];
    (too_long[5], too_long[6]) = (0xFF, 0xFF);
    let split = says(Command::Cbor, &[0; 200]).reports().unwrap();
    let cases = [
        Does::Sends(vec![too_long]),
        Does::Sends(vec![split[0], split[2]]),
        Does::Says(vec![says(Command::Cbor, &[])]),
        Does::Says(vec![says(Command::Ping, &[1])]),
        Does::Says(vec![says(Command::Error, &[0x7F])]),
    ];
    for case in cases {
        let (answer, _) = asked(vec![case]);
        assert!(matches!(answer, Err(Trouble::Malformed { .. })), "{answer:?}");
    }
    // A channel that is none is no channel; a key that goes on offering it is given up.
    let none = ChannelResponse {
        nonce: NONCE,
        channel: 0,
        version: [0; 3],
        capabilities: Capabilities::CBOR,
    };
    let offered = vec![none.message(BROADCAST); 200];
    assert!(matches!(
        opened(vec![Does::Says(offered)]).link,
        Err(Trouble::Malformed { .. })
    ));
}

#[test]
fn a_device_that_speaks_only_ctap1_is_no_key_for_this_program() {
    let old = ChannelResponse {
        nonce: NONCE,
        channel: CHANNEL,
        version: [0; 3],
        capabilities: Capabilities::WINK,
    };
    let opened = opened(vec![Does::Says(vec![old.message(BROADCAST)])]);
    assert!(matches!(opened.link, Err(Trouble::NotAKey { .. })));
}
