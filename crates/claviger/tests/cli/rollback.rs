//! S22: a backup restores to the same state, an old one is refused, and without the KEK it is said what stays sealed.

use std::fs;

use rusqlite::Connection;

use crate::site::{Site, copy_database};

/// Everything that a tenant has, as the program tells it.
fn state(site: &Site) -> String {
    let tokens = site
        .ask(&["api-tokens", "list", "--output", "json", "--all"])
        .ok()
        .json();
    let names: Vec<_> = tokens
        .as_array()
        .unwrap()
        .iter()
        .map(|token| (token["id"].clone(), token["name"].clone(), token["role"].clone()))
        .collect();
    let events = site.ask(&["audit", "list", "--output", "json", "--all"]).ok().json();
    let hashes: Vec<_> = events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["hash"].clone())
        .collect();
    let keys = site.ask(&["keys", "list", "--output", "json", "--all"]).ok().out;
    let policies = site.ask(&["policies", "list", "--output", "json", "--all"]).ok().out;
    // What a search finds belongs to the state.
    let found = site
        .ask(&[
            "keys",
            "list",
            "--search",
            "0000",
            "--sort",
            "serial_number",
            "--all",
            "--output",
            "json",
        ])
        .ok()
        .out;
    format!("{names:?}\n{hashes:?}\n{keys}\n{policies}\n{found}")
}

fn wipe(site: &Site, keep: &[&str]) {
    for entry in fs::read_dir(site.data()).unwrap() {
        let entry = entry.unwrap();
        if !keep.contains(&entry.file_name().to_str().unwrap()) {
            let removed = if entry.path().is_dir() {
                fs::remove_dir_all(entry.path())
            } else {
                fs::remove_file(entry.path())
            };
            removed.unwrap();
        }
    }
}

fn round(number: usize) {
    let mut site = Site::running();
    for place in 0..=number {
        site.ask(&[
            "api-tokens",
            "create",
            &format!("program {number}.{place}"),
            "--role",
            "view_only",
        ])
        .ok();
    }
    site.ask(&["policies", "create", "Head office", "--type", "standard"])
        .ok();
    let rows: Vec<String> = (0..=number * 20)
        .map(|row| format!("Acme Key,{row:06},FIDO_2_1\n"))
        .collect();
    let delivery = site.write(
        "delivery.csv",
        &format!("deviceName,serialNumber,version\n{}", rows.concat()),
    );
    site.ask(&["imports", "create", &delivery, "--policy", "Head office"])
        .ok();
    site.ask(&["keys", "quarantine", "000000", "--reason", "wet"]).ok();
    let before = state(&site);
    let file = site.path("kept.clv");
    let file = file.to_str().unwrap();
    // While the server runs.
    site.here(&["backup", file]).ok();
    site.here(&["restore", file]).refused(7);
    site.kill();
    wipe(&site, &["kek"]);
    site.here(&["restore", file]).ok();
    site.start();
    assert_eq!(state(&site), before, "round {number}");
    site.here(&["audit", "verify"]).ok();
}

#[test]
fn s22_a_backup_restores_to_the_same_state() {
    let rounds = 5;
    (0..rounds).for_each(round);
    println!("S22 states={rounds} equal={rounds}");
}

#[test]
#[ignore = "full size"]
fn prove_s22_a_backup_restores_to_the_same_state() {
    let rounds = 50;
    (0..rounds).for_each(|number| round(number % 10));
    println!("S22 states={rounds} equal={rounds}");
}

/// The control of the proof: a state that differs is seen to differ.
#[test]
fn s22_a_state_that_lacks_one_row_is_not_equal() {
    let site = Site::running();
    let before = state(&site);
    site.ask(&["api-tokens", "create", "one more", "--role", "view_only"])
        .ok();
    assert_ne!(state(&site), before);
}

#[test]
fn s22_an_old_backup_is_refused_where_a_newer_database_ran() {
    let site = Site::running();
    let file = site.path("old.clv");
    let file = file.to_str().unwrap();
    site.here(&["backup", file]).ok();
    let mut site = site;
    site.kill();
    wipe(&site, &["kek", "database-mark"]);
    let refused = site.here(&["restore", file]).refused(7);
    assert!(refused.err.contains("--accept-rollback"), "{refused:?}");
    site.here(&["restore", file, "--accept-rollback"]).ok();
    site.start();
}

#[test]
fn s22_a_database_file_that_was_put_back_is_refused_at_start() {
    let mut site = Site::running();
    site.kill();
    let old = site.path("old.db");
    copy_database(&site.database(), &old);
    site.start();
    site.kill();
    copy_database(&old, &site.database());
    let refused = site.here(&["serve", "--listen", "127.0.0.1:0"]).refused(7);
    assert!(
        refused.err.contains("older than the one this server last ran on"),
        "{refused:?}"
    );
    site.here(&["restore", "--accept-rollback"]).ok();
    site.start();
    assert!(site.ask(&["audit", "list"]).ok().out.contains("tenant.created"));
}

/// Waits until the server has left so many checkpoints.
fn checkpoints(site: &Site, count: usize) {
    let file = site.data().join("audit-checkpoints.jsonl");
    for _ in 0..2_400 {
        if fs::read_to_string(&file).is_ok_and(|text| text.lines().count() >= count) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the server left fewer than {count} checkpoints");
}

#[test]
fn an_accepted_rollback_begins_a_new_file_of_checkpoints() {
    let mut site = Site::running();
    let file = site.data().join("audit-checkpoints.jsonl");
    checkpoints(&site, 1);
    site.kill();
    let old = site.path("old.db");
    copy_database(&site.database(), &old);
    site.start();
    site.ask(&["api-tokens", "create", "lost", "--role", "view_only"]).ok();
    site.kill();
    site.start();
    checkpoints(&site, 2);
    site.kill();
    copy_database(&old, &site.database());
    let before = fs::read_to_string(&file).unwrap();
    site.here(&["restore", "--accept-rollback"]).ok();
    let kept: Vec<String> = fs::read_dir(site.data())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("audit-checkpoints-"))
        })
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    site.start();
    site.ask(&["api-tokens", "create", "afterwards", "--role", "view_only"])
        .ok();
    site.kill();
    site.start();
    checkpoints(&site, 1);
    site.kill();
    site.here(&["audit", "verify", "--checkpoints", file.to_str().unwrap()])
        .ok();
    assert_eq!(kept, [before], "what was signed before is kept");
}

#[test]
fn s22_a_backup_never_holds_the_key_and_says_what_stays_sealed_without_it() {
    let mut site = Site::running();
    for _ in 0..2_400 {
        if site.data().join("audit-checkpoints.jsonl").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let file = site.path("kept.clv");
    let told = site.here(&["backup", file.to_str().unwrap()]).ok();
    let place = site.data().join("kek");
    assert!(
        told.err.contains("not in it") && told.err.contains(place.to_str().unwrap()),
        "{told:?}"
    );
    site.kill();
    let key = fs::read_to_string(&place).unwrap();
    let sealed: i64 = Connection::open(site.database())
        .unwrap()
        .query_row("SELECT count(*) FROM sealed_secrets", [], |row| row.get(0))
        .unwrap();
    assert!(sealed > 0);
    let held = fs::read(&file).unwrap();
    assert!(!String::from_utf8_lossy(&held).contains(key.trim()));
    wipe(&site, &[]);
    let restored = site.here(&["restore", file.to_str().unwrap()]).ok();
    assert!(
        restored.err.contains("stay sealed") && restored.err.contains("audit_signing_key"),
        "{restored:?}"
    );
    // The inventory works all the same.
    site.start();
    site.ask(&["api-tokens", "list"]).ok();
    site.kill();
    wipe(&site, &[]);
    fs::write(&place, &key).unwrap();
    let with_key = site.here(&["restore", file.to_str().unwrap()]).ok();
    assert!(!with_key.err.contains("stay sealed"), "{with_key:?}");
}

#[test]
fn a_damaged_backup_is_refused_as_a_whole() {
    let site = Site::set_up();
    let file = site.path("kept.clv");
    site.here(&["backup", file.to_str().unwrap()]).ok();
    // Its way is taken, which is no fault of the database: the state does not allow it.
    site.here(&["backup", file.to_str().unwrap()]).refused(7);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    wipe(&site, &["kek"]);
    site.here(&["restore", file.to_str().unwrap()]).refused(1);
    site.here(&["setup", "--tenant", "A", "--administrator", "a@example.org"])
        .ok();
}
