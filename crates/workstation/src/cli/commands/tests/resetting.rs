use std::{cell::RefCell, rc::Rc, time::Duration};

use claviger_virtual_key::Touch;
use claviger_workstation::Trouble;

use super::with_pin;
use crate::{
    bench::{Bench, Carried, Hand, Script, Virtual, as_device},
    exit::Exit,
};

fn used() -> (Bench, Rc<RefCell<Virtual>>) {
    with_pin(Virtual::new("4711").with_credential("login.example.org", "ada"))
}

/// Somebody who takes the key out and puts it back.
fn hands(bench: &mut Bench, key: &Rc<RefCell<Virtual>>) {
    bench.hands.extend([Hand::TakeOut(0), Hand::PutIn(0, as_device(key))]);
}

fn is_as_new(key: &Rc<RefCell<Virtual>>) -> bool {
    key.borrow().credentials() == 0 && !key.borrow().has_pin()
}

#[test]
fn a_person_is_told_what_will_be_lost_and_led_through_the_ceremony() {
    let (mut bench, key) = used();
    hands(&mut bench, &key);
    let mut person = Script::typing(&["4711"]).with("CLAVIGER_PIN", super::PIN);
    let told = bench.run(&mut person, &["reset", "--quiet"]);
    assert!(told.result.is_ok(), "{}", told.page());
    assert!(is_as_new(&key));
    let id = told
        .err
        .lines()
        .find(|line| line.contains("login.example.org"))
        .unwrap();
    let shown = told.err.replace(id.split(' ').next().unwrap(), "<id>");
    insta::assert_snapshot!(anstream::adapter::strip_str(&shown));
}

#[test]
fn a_script_names_the_key_and_says_yes() {
    let (mut bench, key) = used();
    let unnamed = bench.run(&mut Script::alone(), &["reset", "--yes"]);
    assert_eq!(unnamed.exit(), Some(Exit::NotConfirmed));
    let silent = bench.run(&mut Script::alone(), &["reset", "--serial", "4711"]);
    assert_eq!(silent.exit(), Some(Exit::NotConfirmed));
    let mistyped = bench.run(&mut Script::typing(&["4712"]), &["reset"]);
    assert_eq!(mistyped.exit(), Some(Exit::NotConfirmed));
    assert_eq!(key.borrow().credentials(), 1);
    let reset = ["reset", "--yes", "--serial", "4711", "--by-reader", "-o", "json"];
    let told = bench.run(&mut Script::alone(), &reset).json();
    assert_eq!((&told["reset"], &told["serial_number"]), (&true.into(), &"4711".into()));
    assert!(is_as_new(&key));
}

#[test]
fn another_key_is_not_reset_in_its_place() {
    let (mut bench, key) = used();
    let other = Virtual::new("9999")
        .with_credential("login.example.org", "grace")
        .shared();
    bench
        .hands
        .extend([Hand::TakeOut(0), Hand::PutIn(0, as_device(&other))]);
    let told = bench.run(&mut Script::alone(), &["reset", "--yes", "--serial", "4711"]);
    assert_eq!(told.exit(), Some(Exit::NotFound));
    assert!(told.page().contains("another key"), "{}", told.page());
    assert_eq!((key.borrow().credentials(), other.borrow().credentials()), (1, 1));
}

#[test]
fn a_person_who_goes_away_leaves_the_key_as_it_was() {
    let (mut bench, key) = used();
    let told = bench.run(&mut Script::alone(), &["reset", "--yes", "--serial", "4711"]);
    assert_eq!(told.exit(), Some(Exit::Replug));
    assert_eq!(key.borrow().credentials(), 1);
}

#[test]
fn no_touch_and_no_agreement_change_nothing() {
    for (touch, exit) in [(Touch::TimedOut, Exit::NoTouch), (Touch::Refused, Exit::Refused)] {
        let (mut bench, key) = used();
        hands(&mut bench, &key);
        key.borrow().next_touch(touch);
        let told = bench.run(&mut Script::alone(), &["reset", "--yes", "--serial", "4711"]);
        assert_eq!(told.exit(), Some(exit), "{}", told.page());
        assert!(told.page().contains("State: Nothing was changed."), "{}", told.page());
        assert_eq!(key.borrow().credentials(), 1);
    }
}

#[test]
fn a_key_that_was_plugged_in_too_long_ago_says_so() {
    let (mut bench, key) = used();
    hands(&mut bench, &key);
    // The seconds pass between the key's power and the order: at its first question after it was put in.
    let late = Late(Rc::clone(&key));
    bench.hands.pop_back();
    bench.hands.push_back(Hand::PutIn(0, Rc::new(RefCell::new(late))));
    let told = bench.run(&mut Script::alone(), &["reset", "--yes", "--serial", "4711"]);
    assert_eq!(told.exit(), Some(Exit::Replug));
    assert!(told.page().contains("only within 10 seconds"), "{}", told.page());
    assert_eq!(key.borrow().credentials(), 1);
}

/// A key behind a very slow cable.
struct Late(Rc<RefCell<Virtual>>);

impl crate::bench::Device for Late {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Trouble> {
        self.0.borrow().wait(Duration::from_secs(11));
        self.0.borrow_mut().exchange(request)
    }

    fn power(&mut self, on: bool) {
        self.0.borrow_mut().power(on);
    }
}

#[test]
fn a_key_taken_out_in_the_middle_of_a_reset_was_reset_in_full_or_not_at_all() {
    for (carried, left) in [(Carried::Never, 1), (Carried::Out, 0)] {
        let (mut bench, key) = used();
        let gone = Trouble::Gone {
            place: "R 00".to_owned(),
        };
        // getInfo, getStatus, getPINRetries, and then the reset.
        key.borrow_mut().breaks_at(3, gone, carried);
        let reset = ["reset", "--yes", "--serial", "4711", "--by-reader"];
        let told = bench.run(&mut Script::alone(), &reset);
        assert_eq!(told.exit(), Some(Exit::Unreachable), "{}", told.page());
        assert!(told.page().contains("reset in full or not at all"), "{}", told.page());
        assert_eq!(key.borrow().credentials(), left);
    }
}

#[test]
fn a_reset_that_was_carried_out_is_said_to_be_whatever_happens_after_it() {
    // getInfo, getStatus, getPINRetries, the reset; then getInfo and getStatus once more.
    for (request, exit) in [(4, Some(Exit::Unreachable)), (5, None)] {
        let (mut bench, key) = used();
        let gone = Trouble::Gone {
            place: "R 00".to_owned(),
        };
        key.borrow_mut().breaks_at(request, gone, Carried::Never);
        let reset = ["reset", "--yes", "--serial", "4711", "--by-reader"];
        let told = bench.run(&mut Script::alone(), &reset);
        assert_eq!(told.exit(), exit, "{}", told.page());
        assert!(!told.page().contains("Nothing was changed"), "{}", told.page());
        assert_eq!(told.page().contains("It was done"), exit.is_some(), "{}", told.page());
        assert!(is_as_new(&key));
    }
}

#[test]
fn a_pin_that_is_not_taken_is_no_reason_against_a_reset() {
    let (mut bench, key) = used();
    let mut wrong = Script::alone().with("CLAVIGER_PIN", "mistake");
    let reset = ["reset", "--yes", "--serial", "4711", "--by-reader"];
    let told = bench.run(&mut wrong, &reset);
    assert!(told.result.is_ok(), "{}", told.page());
    assert!(
        told.err.contains("The credentials are not named. The PIN is wrong."),
        "{}",
        told.err
    );
    assert!(told.err.contains("Every credential on it will be lost"), "{}", told.err);
    assert!(is_as_new(&key));
}
