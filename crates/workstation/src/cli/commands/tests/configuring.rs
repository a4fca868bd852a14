use super::{knowing, with_key, with_pin};
use crate::{
    bench::{Bench, Canned, Script, Virtual},
    exit::Exit,
};

fn new() -> Virtual {
    Virtual::new("4711")
}

#[test]
fn every_setting_is_written_and_read_back() {
    let (mut bench, _) = with_pin(new());
    let mut config = |more: &[&str]| {
        let arguments: Vec<&str> = ["config", "-o", "json"].iter().chain(more).copied().collect();
        bench.run(&mut knowing(), &arguments).json()
    };
    let always = config(&["always-uv", "on"]);
    assert_eq!((&always["changed"], &always["always_uv"]), (&true.into(), &true.into()));
    assert_eq!(config(&["always-uv", "on"])["changed"], false);
    assert_eq!(config(&["always-uv", "off"])["always_uv"], false);
    assert_eq!(config(&["enterprise-attestation"])["enterprise_attestation"], true);
    let longer = config(&["min-pin-length", "6", "--rp-id", "login.example.org"]);
    assert_eq!(
        (&longer["min_pin_length"], &longer["force_pin_change"]),
        (&6.into(), &false.into())
    );
    assert_eq!(config(&["force-pin-change"])["force_pin_change"], true);
}

#[test]
fn a_minimum_above_the_pin_demands_a_change_before_anything_else() {
    let (mut bench, _) = with_pin(new());
    let raised = bench
        .run(&mut knowing(), &["config", "min-pin-length", "12", "-o", "json"])
        .json();
    assert_eq!(raised["force_pin_change"], true);
    let again = bench.run(&mut knowing(), &["config", "min-pin-length", "12"]).page();
    assert!(again.contains("It was so before."), "{again}");
    let told = bench.run(&mut knowing(), &["credentials", "list"]);
    assert_eq!(told.exit(), Some(Exit::Refused));
    assert!(
        told.page().contains("Next:  Change it with `claviger-key pin change`."),
        "{}",
        told.page()
    );
    let short = bench.run(&mut knowing().with("CLAVIGER_NEW_PIN", "lantern-8"), &["pin", "change"]);
    assert_eq!(short.exit(), Some(Exit::Validation));
    let mut change = knowing().with("CLAVIGER_NEW_PIN", "a longer lantern");
    assert!(bench.run(&mut change, &["pin", "change"]).result.is_ok());
    let mut after = Script::alone().with("CLAVIGER_PIN", "a longer lantern");
    assert!(bench.run(&mut after, &["credentials", "list"]).result.is_ok());
}

#[test]
fn a_minimum_only_grows_and_a_pin_is_not_asked_for_in_vain() {
    let (mut bench, _) = with_pin(new());
    assert!(
        bench
            .run(&mut knowing(), &["config", "min-pin-length", "8"])
            .result
            .is_ok()
    );
    // Nobody is there to be asked for a PIN, and nobody is asked.
    let told = bench.run(&mut Script::alone(), &["config", "min-pin-length", "6"]);
    assert_eq!(told.exit(), Some(Exit::Validation));
    assert!(told.page().contains("is 8 and only ever grows"), "{}", told.page());
    let many: Vec<String> = (0..99).map(|number| format!("--rp-id=s{number}.example")).collect();
    let arguments: Vec<&str> = ["config", "min-pin-length", "9"]
        .into_iter()
        .chain(many.iter().map(String::as_str))
        .collect();
    assert_eq!(bench.run(&mut Script::alone(), &arguments).exit(), Some(Exit::Refused));
}

#[test]
fn a_key_without_a_pin_takes_settings_from_whoever_holds_it() {
    let (mut bench, _) = with_key(new());
    let told = bench
        .run(&mut Script::alone(), &["config", "min-pin-length", "8", "-o", "json"])
        .json();
    assert_eq!(told["min_pin_length"], 8);
}

#[test]
fn a_wrong_pin_changes_no_setting() {
    let (mut bench, _) = with_pin(new());
    let told = bench.run(
        &mut Script::alone().with("CLAVIGER_PIN", "mistake"),
        &["config", "always-uv", "on"],
    );
    assert_eq!(told.exit(), Some(Exit::WrongPin));
    assert!(
        told.page().contains("7 tries are left. Nothing was changed."),
        "{}",
        told.page()
    );
    let info = bench.run(&mut Script::alone(), &["info", "-o", "json"]).json();
    assert_eq!(info["options"]["alwaysUv"], false);
}

#[test]
fn a_vendors_setting_is_sent_only_to_a_key_that_lists_it() {
    let sent = |listed: Option<Vec<u64>>| {
        let mut key = Canned::plain();
        for (name, set) in &mut key.info.options {
            *set = name != "clientPin";
        }
        key.info.vendor_prototype_config_commands = listed;
        let key = key.instead(0x0D, Ok(vec![0x00]));
        let mut bench = Bench::new().in_reader("R", key.shared());
        bench.run(&mut Script::alone(), &["config", "vendor", "4711"]).exit()
    };
    assert_eq!(sent(None), Some(Exit::Refused));
    assert_eq!(sent(Some(vec![4712])), Some(Exit::Refused));
    assert_eq!(sent(Some(vec![4712, 4711])), None);
}

#[test]
fn a_key_that_takes_no_pin_says_so_before_one_is_asked_for() {
    let mut unplug = Canned::plain().tries(5);
    unplug.retries.power_cycle_state = Some(true);
    for (mut canned, exit) in [(Canned::plain().tries(0), Exit::Locked), (unplug, Exit::Replug)] {
        canned.info.options.push(("setMinPINLength".to_owned(), true));
        let mut bench = Bench::new().in_reader("R", canned.shared());
        let told = bench.run(&mut Script::alone(), &["config", "vendor", "7"]);
        assert_eq!(told.exit(), Some(Exit::Refused), "what it cannot do comes first");
        let told = bench.run(&mut Script::alone(), &["config", "force-pin-change"]);
        assert_eq!(told.exit(), Some(exit), "{}", told.page());
    }
}

#[test]
fn what_a_longer_minimum_does_to_the_pin_is_told() {
    let longer = |length: &str| {
        let (mut bench, _) = with_pin(new());
        bench.run(&mut knowing(), &["config", "min-pin-length", length]).page()
    };
    let due = "The PIN is shorter and has to be changed before anything else.";
    assert!(longer("12").contains(due), "{}", longer("12"));
    assert!(!longer("9").contains(due), "{}", longer("9"));
}
