use claviger_managed_key::message::ManagementState;
use claviger_workstation::{Cable, Trouble};

use crate::{
    bench::{Bench, Canned, Hand, Script},
    exit::Exit,
};

fn two_keys() -> Bench {
    Bench::new()
        .on_usb(
            "/dev/hidraw3",
            "Solo 2",
            Some("A1B2"),
            Canned::plain().tries(5).shared(),
        )
        .in_reader("ACS ACR1252 00 00", Canned::managed(ManagementState::Managed).shared())
        .empty_reader("ACS ACR1252 01 00")
}

#[test]
fn a_list_shows_keys_with_what_tells_them_apart() {
    insta::assert_snapshot!(two_keys().run(&mut Script::alone(), &["list"]).page());
    insta::assert_json_snapshot!(two_keys().run(&mut Script::alone(), &["list", "-o", "json"]).json());
}

#[test]
fn a_list_names_what_keeps_keys_from_being_seen() {
    let mut bench = two_keys()
        .that_refuses(
            Cable::Usb,
            "/dev/hidraw4",
            Trouble::NoPermission {
                what: "/dev/hidraw4".to_owned(),
                card_service: false,
            },
        )
        .that_refuses(
            Cable::Pcsc,
            "Passports",
            Trouble::NotAKey {
                place: "Passports".to_owned(),
            },
        );
    bench.missing = Some(Trouble::NoCardService);
    let held = bench.locks.take("/dev/hidraw3").unwrap();
    let page = bench.run(&mut Script::alone(), &["list"]).page();
    assert!(page.contains("may not use /dev/hidraw4"), "{page}");
    assert!(page.contains("in use by claviger-key, process"), "{page}");
    assert!(
        page.contains("Readers are not shown: The service for smart cards does not run."),
        "{page}"
    );
    assert!(!page.contains("Passports") && !page.contains("ACR1252 01"), "{page}");
    drop(held);
    let all = bench.run(&mut Script::alone(), &["list", "--all"]).page();
    assert!(all.contains("Passports") && all.contains("ACR1252 01"), "{all}");
}

#[test]
fn all_that_a_key_says_of_itself_is_shown() {
    let info = ["info", "--reader", "acr1252 00"];
    insta::assert_snapshot!(two_keys().run(&mut Script::alone(), &info).page());
    let json = ["info", "--reader", "acr1252 00", "--output", "json"];
    insta::assert_json_snapshot!(two_keys().run(&mut Script::alone(), &json).json());
}

#[test]
fn the_state_of_the_pin_is_said_with_the_way_out() {
    let said = |canned: Canned| {
        let mut bench = Bench::new().in_reader("R", canned.shared());
        let told = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
        format!(
            "{} / {} / {}",
            told["pin"]["state"], told["pin"]["way_out"], told["pin"]["meaning"]
        )
    };
    let mut unplug = Canned::plain().tries(5);
    unplug.retries.power_cycle_state = Some(true);
    let mut due = Canned::plain();
    due.info.force_pin_change = Some(true);
    let table = [
        said(Canned::plain()),
        said(Canned::plain().tries(1)),
        said(unplug),
        said(due),
        said(Canned::plain().tries(0)),
        said(Canned::managed(ManagementState::Unmanaged).tries(0)),
        said(Canned::managed(ManagementState::Managed).tries(0)),
        said(Canned::managed(ManagementState::AdminBlocked).tries(0)),
    ];
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn a_foreign_admin_secret_is_told_by_its_check_value() {
    let mut bench = Bench::new().in_reader("R", Canned::managed(ManagementState::Managed).shared());
    let told = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
    let value = told["management"]["check_value"].as_str().unwrap().to_owned();
    let same = value.to_lowercase();
    assert!(
        bench
            .run(&mut Script::alone(), &["info", "--check-value", &same])
            .result
            .is_ok()
    );
    let foreign = bench.run(&mut Script::alone(), &["info", "--check-value", "00000"]);
    assert_eq!(foreign.exit(), Some(Exit::Refused));
    assert!(foreign.page().contains("not the expected one"), "{}", foreign.page());
}

#[test]
fn a_managed_key_that_nobody_touched_names_no_admin_secret_and_is_not_called_unmanaged() {
    let mut canned = Canned::managed(ManagementState::Managed);
    canned.touched = Some(0xB4);
    let status = canned.status.as_mut().unwrap();
    (status.serial, status.key_version, status.kcv) = (None, None, None);
    (status.unlock_seq, status.policy) = (None, None);
    let mut bench = Bench::new().in_reader("R", canned.shared());
    let told = bench.run(&mut Script::alone(), &["info", "--check-value", "00000"]);
    assert_eq!(told.exit(), Some(Exit::NoTouch));
    assert!(
        told.page().contains("Nobody touched the key in time."),
        "{}",
        told.page()
    );
    let shown = bench.run(&mut Script::alone(), &["info"]).page();
    assert!(
        shown.contains("managed: an organisation holds an admin secret"),
        "{shown}"
    );
}

#[test]
fn keys_that_come_and_go_are_told_one_line_each() {
    let mut bench = two_keys();
    bench.hands.extend([
        Hand::TakeOut(1),
        Hand::PutIn(2, Canned::managed(ManagementState::Managed).shared()),
        Hand::Unplug(0),
    ]);
    let watch = ["watch", "-o", "json", "--identify", "--events", "7"];
    let told = bench.run(&mut Script::alone(), &watch);
    for line in told.out.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
    }
    insta::assert_snapshot!(told.out);
}
