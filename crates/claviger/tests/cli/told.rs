//! What somebody is told who knows the program only from what it says.

use serde_json::Value;

use crate::site::Site;

fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

#[test]
fn whoami_tells_what_an_api_token_is_for_and_may_do() {
    let site = Site::running();
    let owner = read(&site, &["whoami"]);
    assert_eq!(
        (&owner["role"], &owner["tenant"]["name"]),
        (&"owner".into(), &"Example Ltd".into())
    );
    let made = read(&site, &["api-tokens", "create", "scanner", "--role", "verifier"]);
    let told = site.ask_with(made["token"].as_str().unwrap(), &["whoami"]).ok().out;
    assert!(told.contains("scanner") && told.contains("otp.verify"), "{told}");
    assert!(!told.contains("clv_") && !told.contains("key.revoke"), "{told}");
    site.ask_with("clv_nonsense", &["whoami"]).refused(4);
}

#[test]
fn a_refusal_says_each_thing_once_and_nothing_of_the_api_alone() {
    let site = Site::running();
    let made = read(&site, &["api-tokens", "create", "scanner", "--role", "view_only"]);
    let scanner = made["token"].as_str().unwrap();
    site.ask(&["policies", "create", "Head office", "--type", "standard"])
        .ok();
    let refusals = [
        site.ask(&["policies", "update", "head office", "--min-pin-length", "3"])
            .refused(3),
        site.ask(&["policies", "create", "Head office", "--type", "standard"])
            .refused(8),
        site.ask(&[
            "policies",
            "update",
            "head office",
            "--min-pin-length",
            "8",
            "--if-match",
            "99",
        ])
        .refused(7),
        site.ask(&["settings", "mail-test", "ada@example.org"]).refused(7),
        site.ask(&["jobs", "show", "0198c5a0-0000-7000-8000-000000000000"])
            .refused(6),
        site.ask_with(scanner, &["users", "create", "eve", "Eve"]).refused(5),
        site.ask_with("clv_nonsense", &["keys", "list"]).refused(4),
    ];
    for refused in &refusals {
        for word in ["`errors`", "`detail`", "`state`", "`command`", "Authorization"] {
            assert!(!refused.err.contains(word), "{word}: {refused:?}");
        }
        let mut lines: Vec<&str> = refused.err.lines().map(str::trim).collect();
        let before = lines.len();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), before, "{refused:?}");
    }
    assert!(refusals[0].err.contains("/min_pin_length: "), "{:?}", refusals[0]);
    assert!(refusals[5].err.contains("user.write"), "{:?}", refusals[5]);
}

#[test]
fn what_cannot_be_sent_is_not_tried_again_and_again() {
    let site = Site::running();
    let folder = site.path("deliveries");
    std::fs::create_dir(&folder).unwrap();
    let told = site
        .ask(&["keys", "import", folder.to_str().unwrap()])
        .refused_by_the_command_line();
    assert!(
        told.err.contains("is a folder") && !told.err.contains("trying again"),
        "{told:?}"
    );
    let nowhere = site
        .ask(&["keys", "list", "--server", "http://127.0.0.1:1", "--retries", "0"])
        .refused(12);
    assert!(
        nowhere.err.contains("http://127.0.0.1:1 cannot be reached") && !nowhere.err.contains("/api/v1"),
        "{nowhere:?}"
    );
    let plain = site.address.replace("http://localhost", "https://127.0.0.1");
    let tls = site
        .ask(&["keys", "list", "--server", &plain, "--retries", "0"])
        .refused(12);
    assert!(tls.err.contains("is `https` right?"), "{tls:?}");
}

#[test]
fn what_is_named_by_its_name_can_be_told_apart_by_its_id() {
    let site = Site::running();
    let create = ["api-tokens", "create", "scanner", "--role", "view_only"];
    let first = read(&site, &create)["id"].as_str().unwrap().to_owned();
    assert_eq!(read(&site, &["api-tokens", "show", "Scanner"])["id"], first.as_str());
    site.ask(&create).ok();
    let which = site
        .ask(&["api-tokens", "revoke", "scanner", "--yes"])
        .refused_by_the_command_line();
    assert!(
        which.err.contains(&first) && which.err.contains("view_only"),
        "{which:?}"
    );
    site.ask(&["api-tokens", "revoke", &first, "--yes"]).ok();
    site.ask(&["api-tokens", "revoke", "scanner", "--yes"]).ok();
    let gone = site.ask(&["api-tokens", "show", "scanner"]).refused(6);
    assert!(gone.err.contains("api-tokens list"), "{gone:?}");
    let no_id = site.ask(&["jobs", "show", "scanner"]).refused_by_the_command_line();
    assert!(no_id.err.contains("an id is wanted"), "{no_id:?}");
}

#[test]
fn a_change_of_nothing_is_a_slip_and_update_and_edit_are_the_same_everywhere() {
    let site = Site::running();
    site.ask(&["users", "create", "ada", "Ada"]).ok();
    site.ask(&["policies", "create", "Head office", "--type", "standard"])
        .ok();
    for nothing in [
        &["users", "update", "ada"][..],
        &["policies", "update", "Head office"],
        &["settings", "set"],
    ] {
        site.ask(nothing).refused_by_the_command_line();
    }
    let email = read(&site, &["users", "edit", "ada", "--email", "ada@example.org"]);
    assert_eq!(email["email"], "ada@example.org");
    site.ask(&["users", "update", "ada", "--locale", "cs", "--if-match", "1"])
        .refused(7);
    let policy = read(&site, &["policies", "edit", "Head office", "--min-pin-length", "8"]);
    assert_eq!(policy["min_pin_length"], 8);
    let secret = site.write("secret.txt", "0123456789abcdef0123456789abcdef");
    let add = [
        "radius-clients",
        "create",
        "VPN",
        "--network",
        "10.1.2.3",
        "--secret-file",
        &secret,
    ];
    site.ask(&add).ok();
    let moved = read(&site, &["radius-clients", "update", "vpn", "--network", "10.1.2.4"]);
    assert_eq!(moved["network"], "10.1.2.4");
    assert_eq!(read(&site, &["radius-clients", "show", "VPN"])["network"], "10.1.2.4");
    site.ask(&[
        "radius-clients",
        "edit",
        "VPN",
        "--network",
        "10.1.2.5",
        "--if-match",
        "99",
    ])
    .refused(7);
    site.ask(&["radius-clients", "delete", "VPN", "--yes"]).ok();
}

#[test]
fn the_checkpoints_of_a_server_are_listed() {
    let site = Site::running();
    let listed = read(&site, &["audit", "checkpoints"]);
    let listed = listed.as_array().unwrap();
    assert!(!listed.is_empty() && listed[0]["signature"].is_string(), "{listed:?}");
    let nothing = site.ask(&["audit", "acknowledge-break-glass"]).ok();
    assert!(nothing.err.contains("nothing to take note of"), "{nothing:?}");
}
