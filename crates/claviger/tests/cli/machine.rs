//! Commands of the machine itself.

use std::io::{BufRead as _, BufReader};

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
fn a_backup_is_never_written_over_a_file_and_names_what_is_in_its_way() {
    let site = Site::set_up();
    let file = site.write("monday.clv", "somebody's file");
    let refused = site.here(&["backup", &file]).refused(7);
    assert!(
        refused.err.contains(&format!("{file} exists already")) && refused.err.contains("name a new file"),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "somebody's file");
    let nowhere = site.path("nowhere/monday.clv");
    let refused = site.here(&["backup", nowhere.to_str().unwrap()]).refused(1);
    assert!(refused.err.contains(nowhere.to_str().unwrap()), "{refused:?}");
    let refused = Site::empty().here(&["restore", nowhere.to_str().unwrap()]).refused(1);
    assert!(refused.err.contains(nowhere.to_str().unwrap()), "{refused:?}");
    for refused in [
        site.here(&["backup", &file]),
        site.here(&["backup", nowhere.to_str().unwrap()]),
    ] {
        assert!(!refused.err.contains("the database failed"), "{refused:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_lies_in_the_data_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mut site = Site::running();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let checkpoints = site.data().join("audit-checkpoints.jsonl");
    for _ in 0..2_400 {
        if checkpoints.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    site.kill();
    assert_eq!(mode(&site.data()), 0o700);
    assert!(checkpoints.exists() && site.data().join("database-mark").exists());
    for entry in std::fs::read_dir(site.data()).unwrap() {
        let path = entry.unwrap().path();
        let wanted = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
}

#[test]
fn with_debug_every_request_is_a_line_of_its_route_and_otherwise_only_those_that_fail_or_are_slow() {
    for (log, wanted) in [("debug", true), ("info", false)] {
        let site = Site::set_up();
        let mut server = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--log", log, "--data"])
            .arg(site.data())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let address = lines
            .by_ref()
            .find_map(|line| Some(line.split_once("answers at ")?.1.to_owned()));
        let url = format!(
            "{}api/v1/security-keys/01900000-0000-7000-8000-000000000000?q=not-to-be-told",
            address.unwrap()
        );
        let client = reqwest::blocking::Client::new();
        let answer = client.get(url).bearer_auth(&site.token).send().unwrap();
        assert_eq!(answer.status().as_u16(), 404);
        let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        // SIGTERM, so that all it had to say is said.
        let pid = server.id().to_string();
        assert!(std::process::Command::new("kill").arg(&pid).status().unwrap().success());
        let said: Vec<String> = lines.collect();
        server.wait().unwrap();
        let line = said.iter().find(|line| line.contains(&id));
        assert_eq!(line.is_some(), wanted, "{said:#?}");
        if let Some(line) = line {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(
                (&line["method"], &line["route"], &line["status"]),
                (&"GET".into(), &"/security-keys/{id}".into(), &404.into()),
                "{line}"
            );
            assert!(line["milliseconds"].as_str().unwrap().parse::<f64>().is_ok(), "{line}");
        }
        assert!(!said.iter().any(|line| line.contains("not-to-be-told")), "{said:#?}");
    }
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
    for _ in 0..2_400 {
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
