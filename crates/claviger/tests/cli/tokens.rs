//! `claviger tokens`.

use serde_json::{Value, json};

use crate::site::Site;

const SEED: &str = "3132333435363738393031323334353637383930";

fn read(site: &Site, arguments: &[&str]) -> Value {
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
