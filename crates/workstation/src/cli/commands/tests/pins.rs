use claviger_workstation::Trouble;

use super::{PIN, knowing, replugged, with_key, with_pin};
use crate::{
    bench::{Carried, Script, Virtual},
    exit::Exit,
};

fn new() -> Virtual {
    Virtual::new("4711")
}

fn gone() -> Trouble {
    Trouble::Gone {
        place: "R 00".to_owned(),
    }
}

#[test]
fn a_person_types_the_first_pin_twice() {
    let (mut bench, key) = with_key(new());
    let told = bench.run(&mut Script::typing(&["lantern-7", "lantern-7"]), &["pin", "set"]);
    assert!(told.result.is_ok(), "{}", told.page());
    assert!(
        told.err.contains("The PIN is set.") && !told.err.contains(PIN),
        "{}",
        told.err
    );
    assert!(key.borrow().has_pin());
    let info = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
    assert_eq!(
        (&info["pin"]["state"], &info["pin"]["tries_left"]),
        (&"ready".into(), &8.into())
    );
}

#[test]
fn two_pins_that_differ_never_reach_the_key() {
    let (mut bench, key) = with_key(new());
    let told = bench.run(&mut Script::typing(&["lantern-7", "lantern-8"]), &["pin", "set"]);
    assert_eq!(told.exit(), Some(Exit::Usage));
    assert!(!key.borrow().has_pin());
}

#[test]
fn a_first_pin_is_set_once() {
    let (mut bench, _) = with_pin(new());
    let told = bench.run(&mut Script::typing(&[]), &["pin", "set"]);
    assert_eq!(told.exit(), Some(Exit::Duplicate));
    insta::assert_snapshot!(told.page());
}

#[test]
fn a_pin_that_cannot_be_is_refused_before_it_is_sent() {
    let (mut bench, key) = with_key(new());
    let long = "x".repeat(64);
    for pin in ["123", long.as_str(), "1234\0"] {
        let told = bench.run(&mut Script::piping(&[pin]), &["pin", "set", "--pin-stdin"]);
        assert_eq!(told.exit(), Some(Exit::Validation), "{}", told.page());
        assert!(!told.page().contains(pin), "{}", told.page());
    }
    assert!(!key.borrow().has_pin());
}

#[test]
fn a_script_gives_pins_by_pipe_file_and_environment() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let (mut bench, _) = with_pin(new());
    let piped = bench.run(&mut Script::piping(&[PIN, "second"]), &["pin", "change", "--pin-stdin"]);
    assert!(piped.result.is_ok(), "{}", piped.page());
    let (old, new) = (file("old", "second\n"), file("new", "third\r\n"));
    let files = ["pin", "change", "--pin-file", &old, "--new-pin-file", &new];
    assert!(bench.run(&mut Script::alone(), &files).result.is_ok());
    let mut environment = Script::alone()
        .with("CLAVIGER_PIN", "third")
        .with("CLAVIGER_NEW_PIN", "fourth");
    assert!(bench.run(&mut environment, &["pin", "change"]).result.is_ok());
    let told = bench.run(&mut Script::alone(), &["pin", "change"]);
    assert_eq!(told.exit(), Some(Exit::Usage));
    assert!(told.page().contains("nobody can be asked here"), "{}", told.page());
}

#[test]
fn a_wrong_pin_tells_how_many_tries_are_left_until_the_key_is_locked() {
    let (mut bench, key) = with_pin(new());
    let mut wrong = Script::alone()
        .with("CLAVIGER_PIN", "mistake")
        .with("CLAVIGER_NEW_PIN", "another");
    let mut pages = Vec::new();
    for round in 0..3 {
        for _ in 0..3 {
            pages.push(bench.run(&mut wrong, &["pin", "change"]).page());
        }
        if round == 0 {
            pages.push(bench.run(&mut wrong, &["pin", "change"]).page());
        }
        replugged(&mut bench, &key);
    }
    insta::assert_snapshot!(pages.join("\n"));
    assert_eq!(
        bench.run(&mut knowing(), &["credentials", "list"]).exit(),
        Some(Exit::Locked)
    );
    let info = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
    assert_eq!(info["pin"]["state"], "locked");
}

#[test]
fn the_right_pin_brings_all_tries_back() {
    let (mut bench, _) = with_pin(new());
    let mut wrong = Script::alone()
        .with("CLAVIGER_PIN", "mistake")
        .with("CLAVIGER_NEW_PIN", "another");
    assert_eq!(bench.run(&mut wrong, &["pin", "change"]).exit(), Some(Exit::WrongPin));
    assert!(bench.run(&mut knowing(), &["credentials", "list"]).result.is_ok());
    let info = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
    assert_eq!(info["pin"]["tries_left"], 8);
}

#[test]
fn a_key_taken_out_in_the_middle_says_what_can_be_said_of_its_pin() {
    // getInfo, getStatus, getPINRetries, getKeyAgreement, then the change itself.
    let cases = [(4, Carried::Never, PIN), (4, Carried::Out, "another")];
    for (request, carried, holds) in cases {
        let (mut bench, key) = with_pin(new());
        key.borrow_mut().breaks_at(request, gone(), carried);
        let mut change = knowing().with("CLAVIGER_NEW_PIN", "another");
        let told = bench.run(&mut change, &["pin", "change"]);
        assert_eq!(told.exit(), Some(Exit::Unreachable));
        assert!(
            told.page().contains("either the old PIN or the new one"),
            "{}",
            told.page()
        );
        let mut after = Script::alone().with("CLAVIGER_PIN", holds);
        assert!(bench.run(&mut after, &["credentials", "list"]).result.is_ok());
    }
}

#[test]
fn a_pin_that_was_changed_is_said_to_be_changed_when_the_key_is_taken_out_right_after() {
    // getInfo, getStatus, getPINRetries, getKeyAgreement, the change, and the getInfo after it.
    let (mut bench, key) = with_pin(new());
    key.borrow_mut().breaks_at(5, gone(), Carried::Never);
    let told = bench.run(&mut knowing().with("CLAVIGER_NEW_PIN", "another"), &["pin", "change"]);
    assert_eq!(told.exit(), Some(Exit::Unreachable));
    assert!(told.page().contains("It was done"), "{}", told.page());
    assert!(!told.page().contains("Nothing was changed"), "{}", told.page());
    let mut after = Script::alone().with("CLAVIGER_PIN", "another");
    assert!(bench.run(&mut after, &["credentials", "list"]).result.is_ok());
}

#[test]
fn wherever_the_connection_breaks_there_is_a_next_step() {
    for request in 0..5 {
        let (mut bench, key) = with_pin(new());
        key.borrow_mut().breaks_at(request, gone(), Carried::Never);
        let told = bench.run(&mut knowing().with("CLAVIGER_NEW_PIN", "another"), &["pin", "change"]);
        assert_eq!(told.exit(), Some(Exit::Unreachable), "{request}");
        assert!(
            told.page().contains("Next:  Unplug the key, plug it in again"),
            "{}",
            told.page()
        );
    }
}
