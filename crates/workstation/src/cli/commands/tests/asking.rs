use claviger_managed_key::message::{ManagementState, Policy};

use super::{PIN, with_pin};
use crate::{
    bench::{Bench, Canned, Script, Virtual},
    exit::Exit,
};

fn without_pin() -> Bench {
    let mut key = Canned::plain();
    for (name, set) in &mut key.info.options {
        if name == "clientPin" {
            *set = false;
        }
    }
    // Whatever is asked of its PIN fails loudly.
    Bench::new().in_reader("R", key.instead(0x06, Ok(vec![0x7F])).shared())
}

#[test]
fn two_pins_that_differ_and_no_pin_at_all_never_reach_the_key() {
    let mut bench = without_pin();
    let told = bench.run(&mut Script::typing(&["lantern-7", "lantern-8"]), &["pin", "set"]);
    assert_eq!(told.exit(), Some(Exit::Usage), "{}", told.page());
    let empty = bench.run(&mut Script::piping(&[""]), &["pin", "set", "--pin-stdin"]);
    assert_eq!(empty.exit(), Some(Exit::Usage), "{}", empty.page());
    let short = bench.run(&mut Script::alone().with("CLAVIGER_NEW_PIN", "12345"), &["pin", "set"]);
    assert_eq!(short.exit(), Some(Exit::Validation), "{}", short.page());
    let sent = bench.run(
        &mut Script::alone().with("CLAVIGER_NEW_PIN", "lantern-7"),
        &["pin", "set"],
    );
    assert_eq!(sent.exit(), Some(Exit::Refused), "{}", sent.page());
}

#[test]
fn a_reset_wants_the_key_to_be_named() {
    let key = || Canned::managed(ManagementState::Managed).shared();
    let mut bench = Bench::new().in_reader("R", key());
    let mut exit = |person: &mut Script, more: &[&str]| {
        let arguments: Vec<&str> = ["reset"].iter().chain(more).copied().collect();
        bench.run(person, &arguments).exit()
    };
    assert_eq!(
        exit(&mut Script::typing(&["4711000124"]), &[]),
        Some(Exit::NotConfirmed)
    );
    assert_eq!(exit(&mut Script::typing(&["yes"]), &[]), Some(Exit::NotConfirmed));
    assert_eq!(exit(&mut Script::alone(), &[]), Some(Exit::NotConfirmed));
    assert_eq!(exit(&mut Script::alone(), &["--yes"]), Some(Exit::NotConfirmed));
    assert_eq!(
        exit(&mut Script::alone(), &["--yes", "--reader", "R"]),
        Some(Exit::NotConfirmed)
    );
    // Nobody takes the key out, so that the ceremony ends there.
    assert_eq!(
        exit(&mut Script::alone(), &["--yes", "--serial", "4711000123"]),
        Some(Exit::Replug)
    );
}

#[test]
fn a_policy_without_resets_is_told_before_anybody_unplugs_anything() {
    let mut canned = Canned::managed(ManagementState::Managed);
    if let Some(status) = &mut canned.status {
        status.policy = Some(Policy {
            reset_disabled: true,
            ..Policy::default()
        });
    }
    let mut bench = Bench::new().in_reader("R", canned.shared());
    let told = bench.run(&mut Script::alone(), &["reset", "--yes", "--serial", "4711000123"]);
    assert_eq!(told.exit(), Some(Exit::Refused));
    assert!(told.page().contains("switched resets off"), "{}", told.page());
    assert!(!told.err.contains("Take the key out"), "{}", told.err);
}

#[test]
fn an_order_that_ends_before_the_key_says_so_and_what_to_do() {
    let (mut bench, _) = with_pin(Virtual::new("4711"));
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("pin.txt");
    std::fs::write(&empty, "\n").unwrap();
    let empty = empty.to_str().unwrap();
    let mut runs: Vec<(Script, Vec<&str>)> = vec![
        (Script::alone(), vec!["pin", "change"]),
        (Script::piping(&[]), vec!["pin", "change", "--pin-stdin"]),
        (Script::piping(&[PIN]), vec!["pin", "change", "--pin-stdin"]),
        (Script::alone(), vec!["pin", "change", "--pin-file", empty]),
        (Script::typing(&[""]), vec!["pin", "change"]),
        (Script::typing(&[PIN, "lantern-8", "lantern-9"]), vec!["pin", "change"]),
        (Script::alone(), vec!["reset"]),
        (Script::alone(), vec!["reset", "--yes"]),
        (Script::typing(&["4712"]), vec!["reset"]),
    ];
    for (person, order) in &mut runs {
        let told = bench.run(person, order);
        let failure = told.result.as_ref().unwrap_err();
        assert_eq!(failure.hints.len(), 2, "{order:?} {}", told.page());
        assert!(failure.message.ends_with('.'), "{order:?} {}", told.page());
        assert!(told.page().contains("State: Nothing was changed."), "{}", told.page());
        assert!(told.page().contains("Next:  "), "{}", told.page());
    }
}
