//! `claviger tokens`.

use std::{io::Write as _, process::Stdio};

use serde_json::{Value, json};

use crate::site::{Ended, Site, program};

const SEED: &str = "3132333435363738393031323334353637383930";

pub(crate) fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

#[test]
fn a_seed_file_is_looked_at_goes_in_and_comes_out_again() {
    let site = Site::running();
    let file = site.write("seeds.csv", &format!("A1,{SEED},hotp,6,0\nA2,{SEED},totp,8,60\n"));
    let looked = read(&site, &["tokens", "import", &file, "--dry-run"]);
    assert_eq!(
        (&looked["status"], &looked["kind"], &looked["format"]),
        (&json!("previewed"), &json!("otp_tokens"), &json!("oath_csv"))
    );
    let made = read(&site, &["tokens", "import", &file, "--format", "oath_csv"]);
    assert_eq!(
        (&made["status"], &made["counts"]["accepted"]),
        (&json!("applied"), &json!(2))
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        read(&site, &["tokens", "list", "--batch", id])
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let nowhere = ["tokens", "list", "--batch", "0198c5a0-0000-7000-8000-000000000000"];
    assert_eq!(read(&site, &nowhere), json!([]));
    let table = site.ask(&["imports", "list"]).ok().out;
    assert!(table.contains("otp_tokens") && table.contains("seeds.csv"), "{table}");
    let undone = read(&site, &["imports", "undo", made["id"].as_str().unwrap(), "--yes"]);
    assert_eq!(undone["status"], "undone");
}

#[test]
fn what_opens_a_file_comes_from_a_file_and_rejected_rows_are_written_without_seeds() {
    let site = Site::running();
    let wrong = site.write("transport.key", "no key at all\n");
    let file = site.write("seeds.csv", &format!("A1,{SEED},hotp\nA2,{SEED},sms\n"));
    let refused = site.ask(&["tokens", "import", &file, "--pre-shared-key-file", &wrong]);
    assert!(
        refused.code != 0 && refused.err.contains("this is no pre-shared key"),
        "{refused:?}"
    );
    assert!(!refused.err.contains("no key at all"), "{refused:?}");
    let rejects = site.path("rejected.csv").to_string_lossy().into_owned();
    let order = ["tokens", "import", &file, "--mode", "good-rows", "--rejects", &rejects];
    site.ask(&order).refused(13);
    let rejected = std::fs::read_to_string(&rejects).unwrap();
    assert!(rejected.contains("2,A2,") && !rejected.contains(SEED), "{rejected}");
}

/// RFC 4226, appendix D: what `SEED` shows, by its counter.
const CODES: [&str; 10] = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
];

/// A command that is told something on standard input.
fn told(site: &Site, arguments: &[&str], text: &str) -> Ended {
    let mut command = program();
    command
        .args(arguments)
        .env("CLAVIGER_SERVER", &site.address)
        .env("CLAVIGER_TOKEN", &site.token)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that is wrong anyway asks for nothing.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    let ended: Ended = child.wait_with_output().unwrap().into();
    for code in CODES {
        assert!(
            !ended.out.contains(code) && !ended.err.contains(code),
            "{arguments:?} {ended:?}"
        );
    }
    ended
}

/// A server with tokens and a user.
pub(crate) fn stocked(rows: &str) -> Site {
    let site = Site::running();
    site.ask(&["users", "create", "ada", "Ada"]).ok();
    let file = site.write("seeds.csv", rows);
    site.ask(&["tokens", "import", &file]).ok();
    site
}

pub(crate) fn hotp(serials: &[&str]) -> String {
    serials.iter().fold(String::new(), |rows, serial| {
        rows + &format!("{serial},{SEED},hotp,6,0\n")
    })
}

/// Nothing that the server wrote or tells of what happened holds the seed or a code.
fn nothing_slipped_out(site: &Site) {
    let mut places = vec![String::from_utf8_lossy(&site.said()).into_owned()];
    let asked: [&[&str]; 4] = [
        &["audit", "export"],
        &["tokens", "export"],
        &["tokens", "list", "--all", "--output", "json"],
        &["tokens", "show", "A-1", "--output", "csv"],
    ];
    places.extend(asked.iter().map(|arguments| site.ask(arguments).ok().out));
    assert!(
        places[1].contains("otp_token") && places[2].contains("A-1"),
        "the places hold something"
    );
    // A code may stand by chance in an id or a hash; between quotes it may not.
    let secrets = CODES.iter().map(|code| format!("\"{code}\"")).chain([SEED.to_owned()]);
    for secret in secrets {
        assert!(places.iter().all(|place| !place.contains(&secret)), "{secret}");
    }
}

#[test]
fn tokens_are_found_by_serial_and_take_every_order() {
    let site = stocked(&(hotp(&["A-1", "A-2"]) + &format!("A-3,{SEED},totp,8,60\n")));
    let status = |serial: &str| read(&site, &["tokens", "show", serial])["status"].clone();
    let serials = |filter: &[&str]| {
        let list = read(
            &site,
            &[&["tokens", "list", "--sort", "serial_number"], filter].concat(),
        );
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["serial_number"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(serials(&["--type", "hotp"]), ["A-1", "A-2"]);
    site.ask(&["tokens", "assign", "a1", "--user", "Ada"]).ok();
    assert_eq!(serials(&["--of-user", "ada"]), ["A-1"]);
    let last = site.ask(&["tokens", "disable", "A-1"]).refused(7);
    assert!(last.err.contains("last active token"), "{last:?}");
    site.ask(&["tokens", "assign", "A-2", "--user", "ada"]).ok();
    site.ask(&["tokens", "disable", "A-1"]).ok();
    assert_eq!(serials(&["--status", "disabled"]), ["A-1"]);
    site.ask(&["tokens", "enable", "A-1", "--if-match", "999"]).refused(7);
    site.ask(&["tokens", "enable", "A-1"]).ok();
    site.ask(&["tokens", "unassign", "A-2"]).ok();
    site.ask(&["tokens", "compromise", "A-2", "--reason", "lost"])
        .refused(15);
    let order = ["tokens", "compromise", "A-9", "A-2", "--reason", "lost", "--yes"];
    let mixed = site.ask(&order).refused(6);
    assert!(mixed.err.contains("A-9: "), "{mixed:?}");
    assert_eq!(
        status("A-2"),
        "compromised",
        "one that fails does not keep the others from being done"
    );
    site.ask(&["tokens", "enable", "A-2"]).refused(7);
    let events = site.ask(&["tokens", "events", "A-2"]).ok().out;
    assert!(
        events.contains("otp_token.compromised") && events.contains("lost"),
        "{events}"
    );
    site.ask(&["tokens", "unassign", "A-1", "A-3", "--if-match", "1"])
        .refused_by_the_command_line();
    let table = site.ask(&["tokens", "list"]).ok().out;
    assert!(table.contains("SERIAL NUMBER") && table.contains("totp"), "{table}");
    nothing_slipped_out(&site);
}

#[test]
fn a_code_is_verified_once_and_two_find_the_token_again() {
    let site = stocked(&hotp(&["A-1"]));
    site.ask(&["tokens", "assign", "A-1", "--user", "ada"]).ok();
    let verify = |whose: [&str; 2], code: &str| {
        let ended = told(
            &site,
            &["tokens", "verify", whose[0], whose[1], "--output", "json"],
            code,
        );
        (ended.code, ended.json()["reason"].as_str().unwrap().to_owned())
    };
    let (serial, user) = (["--serial", "A-1"], ["--user", "ada"]);
    assert_eq!(verify(serial, CODES[0]), (0, "ok".to_owned()));
    assert_eq!(verify(serial, CODES[0]), (7, "rejected".to_owned()));
    assert_eq!(verify(user, &format!("{}\n", CODES[1])), (0, "ok".to_owned()));
    assert_eq!(verify(user, CODES[1]), (7, "rejected".to_owned()));
    let wrong = told(
        &site,
        &["tokens", "resync", "A-1"],
        &format!("{}\n{}\n", CODES[4], CODES[3]),
    );
    wrong.refused(7);
    told(&site, &["tokens", "resync", "A-1"], CODES[3]).refused_by_the_command_line();
    let file = site.write("codes.txt", &format!("{}\n{}\n", CODES[3], CODES[4]));
    let found = told(&site, &["tokens", "resync", "A-1", "--otp-file", &file], "").ok();
    assert!(
        found.err.contains("The token was successfully reset.") && found.out.contains("A-1"),
        "{found:?}"
    );
    let names = |code: &str| told(&site, &["tokens", "find", "--output", "json"], code);
    assert_eq!(names(CODES[5]).ok().json()[0]["serial_number"], "A-1");
    names(CODES[0]).refused(6);
    told(&site, &["tokens", "test", "A-1"], CODES[5]).ok();
    told(&site, &["tokens", "test", "A-1"], CODES[5]).refused(7);
    // One wrong code was counted since the last right one.
    for _ in 0..9 {
        assert_eq!(verify(serial, "000000").0, 7);
    }
    let locked = told(&site, &["tokens", "verify", "--serial", "A-1"], CODES[6]).refused(7);
    assert!(
        locked.out.contains("locked") && locked.err.contains("tokens unlock"),
        "{locked:?}"
    );
    site.ask(&["tokens", "unlock", "A-1"]).ok();
    assert_eq!(verify(serial, CODES[6]), (0, "ok".to_owned()));
    for wrong in [
        &["tokens", "verify"][..],
        &["tokens", "verify", "--user", "a", "--serial", "b"],
    ] {
        told(&site, wrong, "123456").refused_by_the_command_line();
    }
    nothing_slipped_out(&site);
}

#[test]
fn a_token_is_added_by_hand_and_its_seed_is_no_flag() {
    let site = Site::running();
    let add = [
        "tokens",
        "add",
        "A-1",
        "--type",
        "hotp",
        "--encoding",
        "hex",
        "--output",
        "json",
    ];
    assert_eq!(told(&site, &add, SEED).ok().json()["serial_number"], "A-1");
    let uri = format!(
        "otpauth://totp/Maker:ada?secret={}&issuer=Maker",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    );
    let file = site.write("uri.txt", &uri);
    let added = read(&site, &["tokens", "add", "A-2", "--otpauth-file", &file]);
    assert_eq!(
        (&added["type"], &added["manufacturer"]),
        (&json!("totp"), &json!("Maker"))
    );
    told(&site, &add, SEED).refused(8);
    let odd = ["tokens", "add", "A-3", "--type", "hotp", "--encoding", "base32"];
    let refused = told(&site, &odd, "0189-not-base32").refused(3);
    assert!(!refused.err.contains("0189"), "{refused:?}");
    site.ask(&[
        "tokens",
        "add",
        "A-4",
        "--type",
        "hotp",
        "--encoding",
        "hex",
        "--seed",
        SEED,
    ])
    .refused_by_the_command_line();
    site.ask(&["tokens", "add", "A-4", "--type", "hotp"])
        .refused_by_the_command_line();
    assert_eq!(told(&site, &["tokens", "test", "A-1"], CODES[0]).code, 0);
    nothing_slipped_out(&site);
}

#[test]
fn emergency_codes_are_shown_once_or_saved_and_taken_back() {
    let site = Site::running();
    site.ask(&["users", "create", "ada", "Ada"]).ok();
    let codes = |verb: &'static str| ["tokens", "emergency-codes", verb, "ada"];
    let made = read(&site, &codes("make"));
    let made = made["codes"].as_array().unwrap();
    assert_eq!(made.len(), 5);
    let list = read(&site, &codes("list"));
    assert!(
        list.as_array().unwrap().iter().all(|code| code["good"] == true),
        "{list}"
    );
    let first = made[0].as_str().unwrap();
    assert!(!list.to_string().contains(first) && !String::from_utf8_lossy(&site.said()).contains(first));
    told(&site, &["tokens", "verify", "--user", "ada"], first).ok();
    told(&site, &["tokens", "verify", "--user", "ada"], first).refused(7);
    let file = site.path("codes.txt");
    let save = [&codes("make")[..], &["--save-to", file.to_str().unwrap()]].concat();
    let saved = site.ask(&save).ok();
    let kept = std::fs::read_to_string(&file).unwrap();
    assert_eq!(kept.lines().count(), 5);
    assert!(
        saved.out.contains("saved to") && kept.lines().all(|code| !saved.out.contains(code)),
        "{saved:?}"
    );
    site.ask(&save).refused(1);
    site.ask(&codes("remove")).refused(15);
    site.ask(&[&codes("remove")[..], &["--yes"]].concat()).ok();
    assert_eq!(read(&site, &codes("list")), json!([]));
}
