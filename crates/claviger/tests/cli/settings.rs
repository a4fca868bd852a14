//! `claviger settings`.

use crate::site::Site;

fn json(site: &Site, arguments: &[&str]) -> serde_json::Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

#[test]
fn settings_are_shown_changed_and_keep_their_password_to_themselves() {
    let site = Site::running();
    let fresh = json(&site, &["settings", "show"]);
    assert_eq!((&fresh["revision"], fresh["mail"].is_null()), (&0.into(), true));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password.txt");
    std::fs::write(&file, "canary-of-the-shell\n").unwrap();
    let set = [
        "settings",
        "set",
        "--mail-host",
        "mail.example.org",
        "--mail-from",
        "keys@example.org",
        "--mail-user",
        "keys",
        "--mail-password-file",
        file.to_str().unwrap(),
        "--step-up-minutes",
        "2",
        "--session-idle-minutes",
        "10",
    ];
    let changed = json(&site, &set);
    assert_eq!(
        (&changed["mail"]["password_set"], &changed["session"]["step_up_minutes"]),
        (&true.into(), &2.into())
    );
    assert!(!changed.to_string().contains("canary-of-the-shell"));
    let back = json(&site, &["settings", "set", "--session-idle-minutes", "0", "--no-mail"]);
    assert!(
        back["session"]["idle_minutes"].is_null() && back["mail"].is_null(),
        "{back}"
    );
    let untested = site.ask(&["settings", "mail-test", "ada@example.org"]);
    assert!(untested.err.contains("No mail server is set."), "{}", untested.err);
}
