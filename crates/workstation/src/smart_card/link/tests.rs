//! A card that follows a plan: each command finds its answer, and what was sent is kept.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use super::*;
use crate::place::{Cable, Content};

const OK: [u8; 2] = [0x90, 0x00];
const SELECT: [u8; 4] = [0x00, 0xA4, 0x04, 0x00];

#[derive(Default)]
struct Planned {
    plan: VecDeque<Result<Vec<u8>, Trouble>>,
    /// What comes when the plan is at its end.
    then: Vec<u8>,
    heard: Rc<RefCell<Vec<Vec<u8>>>>,
}

impl Card for Planned {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble> {
        self.heard.borrow_mut().push(command.to_vec());
        self.plan.pop_front().unwrap_or_else(|| Ok(self.then.clone()))
    }

    fn reconnect(&mut self) -> Result<(), Trouble> {
        self.heard.borrow_mut().push(b"reconnect".to_vec());
        Ok(())
    }

    fn power_cycle(&mut self) -> Result<(), Trouble> {
        self.heard.borrow_mut().push(b"power".to_vec());
        Ok(())
    }
}

struct Opened {
    link: Result<CardLink<Planned>, Trouble>,
    heard: Rc<RefCell<Vec<Vec<u8>>>>,
}

fn opened(plan: Vec<Result<Vec<u8>, Trouble>>, then: &[u8]) -> Opened {
    let card = Planned {
        plan: plan.into(),
        then: then.to_vec(),
        ..Planned::default()
    };
    let heard = Rc::clone(&card.heard);
    let place = Place {
        cable: Cable::Pcsc,
        name: "R 00".to_owned(),
        product: None,
        usb_serial: None,
        content: Content::Card,
        visit: 0,
    };
    let link = CardLink::open(card, &place);
    Opened { link, heard }
}

fn going_on(_: Keepalive) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn asked(mut plan: Vec<Result<Vec<u8>, Trouble>>, request: &[u8]) -> (Result<Vec<u8>, Trouble>, Opened) {
    plan.insert(0, Ok(OK.to_vec()));
    let mut opened = opened(plan, &OK);
    let answer = opened.link.as_mut().unwrap().exchange(request, &mut going_on);
    (answer, opened)
}

#[test]
fn a_card_without_the_fido_application_is_no_key() {
    let opened = opened(Vec::new(), &[0x6A, 0x82]);
    assert!(matches!(opened.link, Err(Trouble::NotAKey { .. })));
    assert_eq!(opened.heard.borrow()[0][..5], [0x00, 0xA4, 0x04, 0x00, 8]);
}

#[test]
fn a_long_request_goes_in_links_of_a_chain_and_a_long_answer_comes_in_parts() {
    let part = [vec![7; 256], vec![0x61, 0x02]].concat();
    let end = vec![8, 9, 0x90, 0x00];
    let request = vec![0x01; 600];
    let (answer, opened) = asked(vec![Ok(OK.to_vec()), Ok(OK.to_vec()), Ok(part), Ok(end)], &request);
    assert_eq!(answer.unwrap(), [vec![7; 256], vec![8, 9]].concat());
    let heard = opened.heard.borrow();
    let classes: Vec<u8> = heard.iter().skip(1).map(|apdu| apdu[0]).collect();
    assert_eq!(classes, [0x90, 0x90, 0x80, 0x00]);
    assert_eq!(heard[4][..5], [0x00, 0xC0, 0x00, 0x00, 0x02]);
}

#[test]
fn a_card_that_waits_for_a_touch_is_asked_again_until_it_is_done() {
    let touch = || Ok(vec![2, 0x91, 0x00]);
    let (answer, opened) = asked(vec![touch(), touch(), Ok(vec![0x00, 0x90, 0x00])], &[0x07]);
    assert_eq!(answer.unwrap(), [0x00]);
    assert_eq!(opened.heard.borrow()[2][..4], [0x80, 0x11, 0x00, 0x00]);
}

#[test]
fn a_card_is_told_to_stop_and_one_that_goes_on_is_given_up() {
    let mut stop = |_| ControlFlow::Break(());
    let waits = [2, 0x91, 0x00];
    let mut opened = opened(
        vec![Ok(OK.to_vec()), Ok(waits.to_vec()), Ok(vec![0x2D, 0x90, 0x00])],
        &OK,
    );
    assert_eq!(
        opened.link.as_mut().unwrap().exchange(&[0x07], &mut stop),
        Err(Trouble::Stopped)
    );
    assert_eq!(opened.heard.borrow()[2][..4], [0x80, 0x11, 0x11, 0x00]);

    let mut done = self::opened(
        vec![Ok(OK.to_vec()), Ok(waits.to_vec()), Ok(vec![0x00, 0x90, 0x00])],
        &OK,
    );
    assert_eq!(done.link.as_mut().unwrap().exchange(&[0x07], &mut stop), Ok(vec![0x00]));

    let mut deaf = self::opened(vec![Ok(OK.to_vec())], &waits);
    let answer = deaf.link.as_mut().unwrap().exchange(&[0x07], &mut stop);
    assert!(matches!(answer, Err(Trouble::Silent { .. })), "{answer:?}");
}

#[test]
fn what_a_key_is_can_be_asked_again_after_somebody_elses_reset_and_nothing_else() {
    let reset = || Err(Trouble::Interrupted);
    let again = || vec![reset(), reset(), Ok(OK.to_vec()), Ok(vec![0x00, 0x90, 0x00])];
    let (answer, opened) = asked(again(), &[0x04]);
    assert_eq!(answer.unwrap(), [0x00]);
    let heard = opened.heard.borrow();
    assert_eq!(heard[3], b"reconnect");
    assert_eq!(heard[4][..4], SELECT);

    let (answer, opened) = asked(again(), &[0x06, 0xA0]);
    assert_eq!(answer, Err(Trouble::Interrupted));
    let repeated = opened
        .heard
        .borrow()
        .iter()
        .filter(|apdu| apdu.get(1) == Some(&0x10))
        .count();
    assert_eq!(repeated, 1, "a try for a PIN must not be counted twice");
}

#[test]
fn another_programs_application_on_the_card_is_noticed() {
    let (answer, opened) = asked(vec![Ok(vec![0x6D, 0x00]), Ok(OK.to_vec())], &[0x06, 0xA0]);
    assert_eq!(answer, Err(Trouble::Interrupted));
    assert_eq!(opened.heard.borrow()[2][..4], SELECT);
}

#[test]
fn hostile_answers_are_refused_and_end() {
    let forever = [vec![1; 200], vec![0x61, 0xFF]].concat();
    let cases = [
        (vec![Ok(vec![])], vec![]),
        (vec![Ok(vec![0x90])], vec![]),
        (vec![Ok(OK.to_vec())], vec![]),
        (vec![Ok(vec![0x6F, 0x00])], vec![]),
        (vec![], vec![0x61, 0x10]),
        (vec![], forever),
    ];
    for (mut plan, then) in cases {
        plan.insert(0, Ok(OK.to_vec()));
        let mut opened = opened(plan, &then);
        let answer = opened.link.as_mut().unwrap().exchange(&[0x06], &mut going_on);
        assert!(matches!(answer, Err(Trouble::Malformed { .. })), "{answer:?}");
    }
}

#[test]
fn a_card_that_is_taken_out_is_gone() {
    let gone = Trouble::Gone {
        place: "R 00".to_owned(),
    };
    let (answer, _) = asked(vec![Err(gone.clone())], &[0x07]);
    assert_eq!(answer, Err(gone));
}

#[test]
fn after_its_power_was_cut_the_application_is_selected_again() {
    let mut opened = opened(Vec::new(), &OK);
    assert_eq!(opened.link.as_mut().unwrap().power_cycle(), Ok(true));
    let heard = opened.heard.borrow();
    assert_eq!(
        (heard[1].as_slice(), &heard[2][..4]),
        (b"power".as_slice(), SELECT.as_slice())
    );
}
