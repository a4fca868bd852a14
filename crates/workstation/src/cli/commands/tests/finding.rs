use claviger_managed_key::message::ManagementState;
use claviger_workstation::{Cable, Trouble};

use crate::{
    bench::{Bench, Canned, Script},
    exit::Exit,
};

fn info(bench: &mut Bench, more: &[&str]) -> (Option<Exit>, String) {
    let arguments: Vec<&str> = ["info"].iter().chain(more).copied().collect();
    let told = bench.run(&mut Script::alone(), &arguments);
    (told.exit(), told.page())
}

#[test]
fn nobody_guesses_which_of_several_keys_is_meant() {
    let mut bench = Bench::new()
        .in_reader("R 00", Canned::plain().shared())
        .in_reader("R 01", Canned::managed(ManagementState::Managed).shared());
    let (exit, page) = info(&mut bench, &[]);
    assert_eq!(exit, Some(Exit::NotFound));
    assert!(page.contains("2 keys are connected: R 00, R 01."), "{page}");
    assert_eq!(info(&mut bench, &["--serial", "4711-000-123"]).0, None);
    assert_eq!(info(&mut bench, &["--reader", "R 00"]).0, None);
    assert_eq!(info(&mut bench, &["--serial", "9"]).0, Some(Exit::NotFound));
    assert_eq!(
        info(&mut bench, &["--reader", "R 00", "--serial", "4711000123"]).0,
        Some(Exit::NotFound)
    );
}

#[test]
fn a_key_that_another_program_holds_is_not_passed_over_in_silence() {
    let mut bench = Bench::new()
        .in_reader("R 00", Canned::plain().shared())
        .in_reader("R 01", Canned::plain().shared());
    let _held = bench.locks.take("R 01").unwrap();
    assert_eq!(info(&mut bench, &[]).0, Some(Exit::NotFound));
    let (exit, page) = info(&mut bench, &["--reader", "R 01"]);
    assert_eq!(exit, Some(Exit::InUse));
    assert!(page.contains("in use by claviger-key, process"), "{page}");
}

#[test]
fn what_is_missing_is_named() {
    let cases = [
        (Bench::new(), vec![]),
        (Bench::new().empty_reader("R 00"), vec![]),
        (Bench::new().empty_reader("R 00"), vec!["--reader", "R 00"]),
        (Bench::new(), vec!["--reader", "R 00"]),
        (
            Bench::new().in_reader("R 00", Canned::plain().shared()),
            vec!["--serial", "4711"],
        ),
    ];
    let mut pages: Vec<String> = cases
        .into_iter()
        .map(|(mut bench, more)| info(&mut bench, &more).1)
        .collect();
    let mut deaf = Bench::new();
    deaf.missing = Some(Trouble::NoCardService);
    pages.push(info(&mut deaf, &[]).1);
    insta::assert_snapshot!(pages.join("\n"));
}

#[test]
fn troubles_on_the_way_to_a_key_reach_the_person() {
    let place = || "R 00".to_owned();
    let cases = [
        Trouble::NoPermission {
            what: place(),
            card_service: false,
        },
        Trouble::ReaderBusy { name: place() },
        Trouble::NotAKey { place: place() },
        Trouble::ReaderGone { name: place() },
        Trouble::Silent { place: place() },
        Trouble::Gone { place: place() },
    ];
    let exits = cases.map(|trouble| {
        let mut bench = Bench::new().that_refuses(Cable::Pcsc, "R 00", trouble);
        info(&mut bench, &[]).0.unwrap().code()
    });
    assert_eq!(exits, [5, 19, 6, 12, 12, 12]);
}

#[test]
fn hostile_answers_are_named_and_end_the_command() {
    let answers = [
        vec![],
        vec![0x00],
        vec![0x00, 0xA0],
        vec![0x00, 0xFF, 0xFF],
        vec![0x00, 0xBF, 0x01],
        [vec![0x00], vec![0x81; 5_000]].concat(),
        [vec![0x00, 0xA1, 0x01, 0x9B], vec![0xFF; 8]].concat(),
    ];
    for answer in answers {
        let key = Canned::plain().instead(0x04, Ok(answer.clone())).shared();
        let (exit, page) = info(&mut Bench::new().in_reader("R", key), &[]);
        assert_eq!(exit, Some(Exit::Malformed), "{answer:02x?}: {page}");
        assert!(page.contains("Next:  Unplug the key"), "{page}");
    }
}

#[test]
fn another_makers_command_b4_does_not_make_a_key_managed() {
    for answer in [vec![0x00], vec![0x00, 0xA0], vec![0x7F], vec![]] {
        let key = Canned::plain().instead(0xB4, Ok(answer)).shared();
        let mut bench = Bench::new().in_reader("R", key);
        let told = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
        assert_eq!(told["mode"], "unknown");
        assert!(told["management"].is_null());
    }
}

#[test]
fn a_locked_key_whose_management_cannot_be_read_is_not_sent_to_a_reset() {
    // Cut off, refused for a moment, refused as in a wrong state.
    for answer in [vec![0x00, 0xA2, 0x01], vec![0x06], vec![0x30]] {
        let key = Canned::managed(ManagementState::Managed).tries(0);
        let key = key.instead(0xB4, Ok(answer)).shared();
        let mut bench = Bench::new().in_reader("R", key);
        let told = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
        assert_eq!(told["pin"]["way_out"], "unknown");
        let (_, page) = info(&mut bench, &[]);
        assert!(
            page.contains("ask it first") && !page.contains("cannot be managed"),
            "{page}"
        );
        let (exit, page) = info(&mut bench, &["--check-value", "00000"]);
        assert!(exit.is_some() && !page.contains("nobody manages it"), "{page}");
    }
    let key = Canned::plain().tries(0).instead(0xB4, Ok(vec![0x01])).shared();
    let told = Bench::new()
        .in_reader("R", key)
        .run(&mut Script::alone(), &["info", "-o", "json"]);
    let told = told.json();
    assert_eq!(
        (&told["mode"], &told["pin"]["way_out"]),
        (&"unmanageable".into(), &"reset".into())
    );
}

#[test]
fn a_key_that_tells_its_management_only_after_a_touch_asks_its_person_for_it() {
    let mut key = Canned::managed(ManagementState::Managed);
    key.touched = Some(0xB4);
    let told = Bench::new()
        .in_reader("R", key.shared())
        .run(&mut Script::alone(), &["info", "-o", "json"]);
    assert_eq!(told.touches, 1);
    assert_eq!(told.json()["mode"], "managed");
}
