//! `claviger imports` and `claviger keys`: from a delivery file to an export, and every command between.

use std::fmt::Write as _;

use crate::site::Site;

fn json(site: &Site, arguments: &[&str]) -> serde_json::Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

fn delivery(rows: usize) -> String {
    let mut text = String::from("deviceName,serialNumber,version\n");
    for row in 0..rows {
        let _ = writeln!(text, "Acme Key,{:08},FIDO_2_1", row + 1);
    }
    text
}

/// A server with a delivery of keys and a policy.
fn stocked(rows: usize) -> Site {
    let site = Site::running();
    site.ask(&["policies", "create", "Head office", "--type", "standard"])
        .ok();
    let file = site.write("delivery.csv", &delivery(rows));
    let told = site.ask(&["imports", "create", &file]).ok();
    assert!(told.err.contains("Import Successful!"), "{told:?}");
    site
}

#[test]
fn a_delivery_is_looked_at_imported_with_a_policy_listed_and_undone() {
    let site = Site::running();
    site.ask(&["policies", "create", "Head office", "--type", "standard"])
        .ok();
    let file = site.write("delivery.csv", &delivery(3));
    let seen = json(&site, &["imports", "create", &file, "--dry-run"]);
    assert_eq!(
        (&seen["status"], &seen["counts"]["accepted"]),
        (&"previewed".into(), &3.into())
    );
    assert_eq!(json(&site, &["keys", "list"]), serde_json::json!([]));
    let made = json(&site, &["keys", "import", &file, "--policy", "head office"]);
    assert_eq!(
        (&made["status"], &made["counts"]["accepted"]),
        (&"applied".into(), &3.into())
    );
    let key = json(&site, &["keys", "show", "0000-0002"]);
    assert_eq!(
        (&key["status"], &key["policy"]["name"]),
        (&"ready".into(), &"Head office".into())
    );
    let again = json(&site, &["imports", "create", &file]);
    assert_eq!(again["counts"]["unchanged"], 3);
    let id = made["id"].as_str().unwrap();
    assert!(site.ask(&["imports", "list"]).ok().out.contains("delivery.csv"));
    site.ask(&["imports", "undo", id]).refused(15);
    site.ask(&["imports", "undo", id, "--yes"]).ok();
    assert_eq!(json(&site, &["imports", "show", id])["status"], "undone");
    assert_eq!(json(&site, &["keys", "list"]), serde_json::json!([]));
    site.ask(&["keys", "show", "00000002"]).refused(6);
}

#[test]
fn a_faulty_delivery_ends_with_its_own_code_and_its_good_rows_go_in_when_asked() {
    let site = Site::running();
    let file = site.write("faulty.csv", &(delivery(2) + "Acme Key,,FIDO_2_1\n"));
    let refused = site.ask(&["imports", "create", &file]).refused(13);
    assert!(refused.out.contains("4     serial"), "{refused:?}");
    assert_eq!(json(&site, &["keys", "list"]), serde_json::json!([]));
    let rejects = site.path("rejected.csv");
    let mode = [
        "imports",
        "create",
        &file,
        "--mode",
        "good-rows",
        "--rejects",
        rejects.to_str().unwrap(),
    ];
    site.ask(&mode).refused(13);
    assert_eq!(json(&site, &["keys", "list"]).as_array().unwrap().len(), 2);
    let rejected = std::fs::read_to_string(rejects).unwrap();
    assert!(
        rejected.starts_with("deviceName,serialNumber,version,error"),
        "{rejected}"
    );
    assert_eq!(rejected.lines().count(), 2);
}

#[test]
fn single_keys_take_every_command_of_the_shelf() {
    let site = stocked(4);
    let status = |serial: &str| json(&site, &["keys", "show", serial])["status"].clone();
    site.ask(&["keys", "link-policy", "00000001", "00000002", "--policy", "Head office"])
        .ok();
    assert_eq!(status("00000002"), "ready");
    site.ask(&["keys", "unlink-policy", "00000002"]).ok();
    assert_eq!(status("00000002"), "in_stock");
    site.ask(&["keys", "unlink-policy", "00000002"]).refused(7);
    site.ask(&["keys", "link-policy", "00000001", "--policy", "No such"])
        .refused(6);
    site.ask(&["keys", "quarantine", "00000002", "--reason", "wet"]).ok();
    site.ask(&["keys", "release", "00000002"]).ok();
    site.ask(&["keys", "suspend", "00000002"]).refused(7);
    site.ask(&["keys", "quarantine", "00000003", "--reason", "dry", "--if-match", "999"])
        .refused(7);
    site.ask(&["keys", "revoke", "00000003", "--reason", "stolen", "--yes"])
        .ok();
    site.ask(&["keys", "dispose", "00000003", "--yes"]).ok();
    assert_eq!(status("00000003"), "disposed");
    let events = site.ask(&["keys", "events", "00000003"]).ok().out;
    assert!(events.contains("security_key.revoked"), "{events}");
    let deleted = site.ask(&["keys", "delete", "00000004", "--yes"]).ok();
    assert!(
        deleted.err.contains("Device successfully deleted from stock."),
        "{deleted:?}"
    );
    // One that fails does not keep the others from being done.
    let mixed = site
        .ask(&["keys", "quarantine", "99999999", "00000002", "--reason", "x"])
        .refused(6);
    assert!(mixed.err.contains("99999999: "), "{mixed:?}");
    assert_eq!(status("00000002"), "quarantined");
}

#[test]
fn bulk_counts_first_wants_the_number_and_tells_what_was_refused() {
    let site = stocked(30);
    let link = ["link-policy", "--policy", "Head office"];
    let bulk = |more: &[&str], action: &[&str]| site.ask(&[&["keys", "bulk"], more, action].concat());
    assert_eq!(bulk(&["--status", "in_stock", "--dry-run"], &link).ok().out, "30\n");
    let asked = bulk(&["--status", "in_stock"], &link).refused(15);
    assert!(asked.err.contains("link policy: 30 keys?"), "{asked:?}");
    bulk(&["--status", "in_stock", "--expect", "29"], &link).refused(7);
    site.ask(&["keys", "quarantine", "00000001", "--reason", "wet"]).ok();
    let done = bulk(&["--every-key", "--expect", "30"], &link).refused(13);
    assert!(done.out.contains("00000001"), "{done:?}");
    assert_eq!(
        json(&site, &["keys", "list", "--status", "ready"])
            .as_array()
            .unwrap()
            .len(),
        29
    );
    let job = json(&site, &["jobs", "list"]);
    let id = job[0]["id"].as_str().unwrap();
    let refused = site
        .ask(&["jobs", "results", id, "--outcome", "refused", "--output", "csv"])
        .ok()
        .out;
    assert_eq!(refused.lines().count(), 2, "{refused}");
    site.ask(&["jobs", "show", id, "--wait"]).ok();
    let named = site.write("serials", "00000002\n00000003\n");
    bulk(&["--keys-from", &named, "--yes"], &["unlink-policy"]).ok();
    assert_eq!(
        json(&site, &["keys", "list", "--with-policy", "none", "--tab", "stocks"])
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn an_export_is_whole_and_comes_back_in_as_unchanged() {
    let site = stocked(250);
    let all = json(&site, &["keys", "list", "--all", "--sort", "serial_number"]);
    assert_eq!(all.as_array().unwrap().len(), 250);
    let some = site.ask(&["keys", "list", "--limit", "3"]).ok();
    assert_eq!(some.out.lines().count(), 4);
    assert!(some.err.contains("3 of 250 shown"), "{some:?}");
    let file = site.path("keys.csv");
    let file = file.to_str().unwrap();
    site.ask(&["keys", "export", "--file", file]).ok();
    let piped = site.ask(&["keys", "export"]).ok().out;
    assert_eq!(piped, std::fs::read_to_string(file).unwrap());
    let again = json(&site, &["keys", "import", file]);
    assert_eq!(
        (&again["counts"]["unchanged"], &again["counts"]["rejected"]),
        (&250.into(), &0.into())
    );
}

#[test]
fn a_long_delivery_is_a_job_that_is_waited_for() {
    let site = stocked(20_500);
    let counted = site.ask(&["keys", "list", "--limit", "1"]).ok();
    assert!(counted.err.contains("1 of "), "{counted:?}");
    let page = json(&site, &["keys", "list", "--search", "00020500"]);
    assert_eq!(page.as_array().unwrap().len(), 1);
}
