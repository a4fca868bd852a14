//! `claviger tokens bulk` and `claviger tokens overview`.

use serde_json::{Value, json};

use crate::{
    site::Site,
    tokens::{hotp, read, stocked},
};

fn figures(site: &Site) -> Vec<(String, u64)> {
    let rows = read(site, &["tokens", "overview"]);
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row["name"].as_str().unwrap().to_owned(), row["count"].as_u64().unwrap()))
        .collect()
}

fn count_of(site: &Site, name: &str) -> u64 {
    let figures = figures(site);
    figures.iter().find(|(figure, _)| figure == name).unwrap().1
}

#[test]
fn tokens_bulk_counts_first_wants_the_number_and_tells_what_was_refused() {
    let site = stocked(&hotp(&["A-1", "A-2", "A-3", "A-4"]));
    let bulk = |more: &[&str], action: &[&str]| site.ask(&[&["tokens", "bulk"], more, action].concat());
    assert_eq!(bulk(&["--every-token", "--dry-run"], &["disable"]).ok().out, "4\n");
    let asked = bulk(&["--status", "active"], &["disable"]).refused(15);
    assert!(asked.err.contains("disable: 4 tokens?"), "{asked:?}");
    let counted = bulk(&["--status", "active", "--expect", "3"], &["disable"]).refused(7);
    assert!(
        counted
            .err
            .contains("4 tokens would be changed, not 3; nothing was done"),
        "{counted:?}"
    );
    assert_eq!(count_of(&site, "active"), 4, "nothing was done");
    let done = bulk(&["--search", "A-4", "--expect", "1"], &["disable"]).ok();
    assert!(done.err.contains("1 token done"), "{done:?}");
    assert_eq!(
        (
            count_of(&site, "active"),
            count_of(&site, "disabled"),
            count_of(&site, "tokens")
        ),
        (3, 1, 4)
    );
    let mixed = bulk(&["--every-token", "--yes"], &["enable"]).refused(13);
    assert!(
        mixed.out.contains("A-1") && !mixed.out.contains("A-4"),
        "those that are active are refused: {mixed:?}"
    );
    assert_eq!(count_of(&site, "active"), 4);
}

#[test]
fn tokens_named_in_a_file_are_assigned_taken_back_and_devalued() {
    let site = stocked(&hotp(&["A-1", "A-2", "A-3"]));
    let file = site.write("serials.txt", "a1\n\nA-2\n");
    let from = |action: &[&str]| {
        let order = [&["tokens", "bulk", "--tokens-from", &file, "--yes"], action].concat();
        site.ask(&order)
    };
    let of_ada = || {
        let list = read(&site, &["tokens", "list", "--of-user", "ada"]);
        list.as_array().unwrap().len()
    };
    from(&["assign", "--user", "Ada"]).ok();
    assert_eq!(of_ada(), 2);
    from(&["unassign"]).ok();
    assert_eq!(of_ada(), 0);
    from(&["compromise", "--reason", "stolen bag"]).ok();
    let gone: Value = read(&site, &["tokens", "show", "A-2"]);
    assert_eq!(
        (&gone["status"], &gone["reason"]),
        (&json!("compromised"), &json!("stolen bag"))
    );
    assert_eq!(read(&site, &["tokens", "show", "A-3"])["status"], "active");
    let job = read(
        &site,
        &[
            "tokens",
            "bulk",
            "--every-token",
            "--expect",
            "3",
            "--no-wait",
            "unassign",
        ],
    );
    assert_eq!(job["kind"], "otp_tokens.unassign");
}

#[test]
fn a_file_with_a_serial_that_nothing_has_names_its_lines_and_nothing_is_done() {
    let site = stocked(&hotp(&["A-1"]));
    let file = site.write("serials.txt", "A-1\nA-8\n# a remark\n");
    let order = ["tokens", "bulk", "--tokens-from", &file, "--yes", "disable"];
    let refused = site.ask(&order).refused(6);
    assert!(
        refused.err.contains("line 2: \"A-8\"") && refused.err.contains("line 3: \"# a remark\""),
        "{refused:?}"
    );
    assert_eq!(read(&site, &["tokens", "show", "A-1"])["status"], "active");
    let empty = site.write("empty.txt", "\n");
    site.ask(&["tokens", "bulk", "--tokens-from", &empty, "--yes", "disable"])
        .refused_by_the_command_line();
    for ways in [
        &["tokens", "bulk", "disable"][..],
        &["tokens", "bulk", "--every-token", "--status", "active", "disable"],
        &["tokens", "bulk", "--every-token", "--tokens-from", &file, "disable"],
    ] {
        let unclear = site.ask(ways).refused_by_the_command_line();
        assert!(unclear.err.contains("say which tokens"), "{unclear:?}");
    }
}
