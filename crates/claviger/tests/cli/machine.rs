//! Commands of the machine itself.

use rusqlite::Connection;

use crate::site::{Site, program};

const SETUP: &[&str] = &["setup", "--tenant", "Example Ltd", "--administrator", "ada@example.org"];

fn take_up(site: &Site, link: &str, email: &str) -> reqwest::blocking::Response {
    let secret = link.trim().split_once("#token=").unwrap().1.to_owned();
    let body = serde_json::json!({"setup_token": secret, "email": email, "display_name": "Ada", "password": "correct horse battery staple"});
    let client = reqwest::blocking::Client::new();
    let request = client
        .post(format!("{}api/v1/setup", site.address))
        .header("origin", site.address.trim_end_matches('/'));
    request
        .header("content-type", "application/json")
        .body(body.to_string())
        .send()
        .unwrap()
}

#[test]
fn setup_prints_a_link_that_works_once_and_refuses_a_second_time() {
    let mut site = Site::empty();
    let link = site.here(SETUP).ok().out;
    assert!(link.starts_with("http://localhost:8480/setup#token="), "{link}");
    let again = site.here(SETUP).refused(7);
    assert!(again.err.contains("recover-owner"), "{again:?}");
    site.start();
    let done = take_up(&site, &link, "ada@example.org");
    assert!(done.status().is_success(), "{}", done.text().unwrap());
    assert_eq!(take_up(&site, &link, "ada@example.org").status().as_u16(), 422);
}

#[test]
fn setup_says_which_value_does_not_fit() {
    let site = Site::empty();
    let wrong = site
        .here(&["setup", "--tenant", " ", "--administrator", "ada@example.org"])
        .refused(3);
    assert!(wrong.err.contains("--tenant"), "{wrong:?}");
    site.here(&["setup", "--tenant", "A", "--administrator", "nobody"])
        .refused(3);
    assert_eq!(site.here(&["setup", "--tenant", "A"]).code, 2);
}

#[test]
fn recover_owner_lets_somebody_in_and_stands_in_the_audit_log() {
    let mut site = Site::empty();
    site.here(&["recover-owner", "--administrator", "bob@example.org"])
        .refused(7);
    let made = Site::set_up();
    site = made;
    site.start();
    let recovered = site.here(&["recover-owner", "--administrator", "bob@example.org"]).ok();
    assert!(
        recovered
            .err
            .contains("ATTENTION: bob@example.org is now an Owner of Example Ltd"),
        "{recovered:?}"
    );
    assert!(take_up(&site, &recovered.out, "bob@example.org").status().is_success());
    let events = site
        .ask(&[
            "audit",
            "list",
            "--action",
            "administrator.recovered",
            "--output",
            "json",
        ])
        .ok()
        .json();
    assert_eq!(events[0]["object"]["label"], "bob@example.org");
    site.here(&[
        "recover-owner",
        "--administrator",
        "bob@example.org",
        "--tenant",
        "Nobody",
    ])
    .refused(7);
}

#[test]
fn migrate_lists_what_is_missing_changes_nothing_when_dry_and_then_applies_it() {
    let site = Site::empty();
    let listed = site.here(&["migrate", "--dry-run"]).ok();
    assert!(listed.out.starts_with("0001_foundation\n"), "{listed:?}");
    assert!(!site.database().exists());
    assert_eq!(site.here(&["migrate"]).ok().out, listed.out);
    assert_eq!(site.here(&["migrate"]).ok().out, "");
}

#[test]
fn commands_that_read_make_no_new_database() {
    let site = Site::empty();
    for command in [
        &["audit", "verify"][..],
        &["backup", "somewhere.clv"],
        &["restore", "--accept-rollback"],
    ] {
        let refused = site.here(command).refused(6);
        assert!(refused.err.contains("there is no database"), "{refused:?}");
    }
    assert!(!site.database().exists());
}

#[test]
fn audit_verify_finds_an_edited_log_and_says_where() {
    let site = Site::set_up();
    let whole = site.here(&["audit", "verify"]).ok();
    assert!(whole.err.contains("intact"), "{whole:?}");
    let database = Connection::open(site.database()).unwrap();
    let edited = database
        .execute(
            "UPDATE audit_events SET actor_label = 'nobody' WHERE action = 'tenant.created'",
            [],
        )
        .unwrap();
    assert_eq!(edited, 1);
    drop(database);
    let broken = site.here(&["audit", "verify"]);
    assert_eq!(broken.code, 1, "{broken:?}");
    assert!(broken.out.contains("its content was changed"), "{broken:?}");
}

#[test]
fn audit_verify_finds_a_log_that_was_cut_off_by_checkpoints_kept_elsewhere() {
    let mut site = Site::running();
    let file = site.data().join("audit-checkpoints.jsonl");
    for _ in 0..200 {
        if file.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    site.kill();
    let elsewhere = site.path("kept.jsonl");
    std::fs::copy(&file, &elsewhere).unwrap();
    let checkpoints = elsewhere.to_str().unwrap();
    site.here(&["audit", "verify", "--checkpoints", checkpoints]).ok();
    // Cut off by somebody who moves the head as well and takes the database's own checkpoints away.
    let database = Connection::open(site.database()).unwrap();
    let cut = "DELETE FROM audit_checkpoints;
        DELETE FROM audit_events WHERE action = 'api_token.created';
        UPDATE audit_heads SET sequence = sequence - 1, hash = (SELECT hash FROM audit_events e
            WHERE e.tenant_id = audit_heads.tenant_id AND e.lane = audit_heads.lane ORDER BY sequence DESC LIMIT 1)
            WHERE tenant_id IN (SELECT tenant_id FROM api_tokens)";
    database.execute_batch(cut).unwrap();
    drop(database);
    site.here(&["audit", "verify"]).ok();
    let found = site.here(&["audit", "verify", "--checkpoints", checkpoints]);
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.out.contains("saw another log"), "{found:?}");
    let garbage = site.write("garbage", "not a checkpoint\n");
    site.here(&["audit", "verify", "--checkpoints", &garbage]).refused(3);
}

#[test]
fn completions_are_made_for_every_shell() {
    for (shell, mark) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef claviger"),
        ("fish", "complete -c claviger"),
    ] {
        let script = program().args(["completions", shell]).output().unwrap();
        let script = String::from_utf8(script.stdout).unwrap();
        assert!(
            script.contains(mark) && script.contains("link-policy") && script.contains("recover-owner"),
            "{shell}"
        );
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = program()
        .args(["completions", "zsh"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}
