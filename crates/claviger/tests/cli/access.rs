//! `claviger roles`, `administrators` and `tenants`: who may do what.

use serde_json::{Value, json};

use crate::site::Site;

fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

/// Lets somebody who was invited in, as a browser does; answers the session's cookie.
fn come_in(site: &Site, link: &str, email: &str) -> String {
    let token = link.trim().split_once("token=").unwrap().1;
    let form = json!({ "setup_token": token, "email": email, "display_name": "Eve", "password": "correct horse battery staple" });
    let came = reqwest::blocking::Client::new()
        .post(format!("{}api/v1/setup", site.address))
        .header("content-type", "application/json")
        .header(
            "origin",
            site.address.trim_end_matches('/').replace("127.0.0.1", "localhost"),
        )
        .body(form.to_string())
        .send()
        .unwrap();
    assert_eq!(came.status(), 201, "{}", came.text().unwrap());
    came.headers()["set-cookie"].to_str().unwrap().to_owned()
}

#[test]
fn a_role_is_made_like_another_changed_handed_out_and_deleted_once_nobody_holds_it() {
    let site = Site::running();
    let made = read(
        &site,
        &[
            "roles",
            "create",
            "Night shift/1",
            "--like",
            "help_desk",
            "--privilege",
            "key.suspend,inventory.read",
        ],
    );
    let held = made["privileges"].as_array().unwrap().clone();
    assert!(
        held.contains(&json!("key.suspend")) && held.contains(&json!("unlock")),
        "{made}"
    );
    assert_eq!(held.iter().filter(|one| **one == "inventory.read").count(), 1);
    let changed = read(
        &site,
        &[
            "roles",
            "edit",
            "night shift/1",
            "--name",
            "Night",
            "--add",
            "export",
            "--remove",
            "unlock,key.suspend",
        ],
    );
    assert_eq!(changed["id"], made["id"]);
    assert!(!changed["privileges"].to_string().contains("unlock"), "{changed}");
    site.ask(&["roles", "edit", "Night", "--add", "unlock", "--if-match", "1"])
        .refused(7);
    site.ask(&["roles", "edit", "Night", "--remove", "unlock"])
        .refused_by_the_command_line();
    site.ask(&["roles", "edit", "Night", "--add", "fly"]).refused(3);
    assert_eq!(site.ask(&["roles", "edit", "Night"]).code, 2, "nothing to change");
    assert_eq!(site.ask(&["roles", "create", "Empty"]).code, 2, "nothing to allow");
    site.ask(&["roles", "create", "night", "--privilege", "export"])
        .refused(8);
    site.ask(&["roles", "edit", "auditor", "--add", "unlock"]).refused(7);
    site.ask(&["roles", "show", "Night shift/1"]).refused(6);
    let table = site.ask(&["roles", "list"]).ok().out;
    assert!(table.starts_with("NAME ") && table.contains("\nNight  "), "{table}");

    let token = read(&site, &["api-tokens", "create", "x", "--role", "Night"]);
    site.ask(&["roles", "delete", "Night"]).refused(15);
    let kept = site.ask(&["roles", "delete", "Night", "--yes"]).refused(7);
    assert_eq!(read(&site, &["roles", "show", "Night"])["holders"], 1, "{kept:?}");
    site.ask(&["api-tokens", "revoke", token["id"].as_str().unwrap(), "--yes"])
        .ok();
    site.ask(&["roles", "delete", "Night", "--yes"]).ok();
    site.ask(&["roles", "show", "Night"]).refused(6);
}

#[test]
fn every_privilege_is_explained_and_has_holders() {
    let site = Site::running();
    let all = read(&site, &["roles", "privileges"]);
    let all = all.as_array().unwrap();
    let owner = read(&site, &["roles", "show", "owner"]);
    assert_eq!(all.len(), owner["privileges"].as_array().unwrap().len());
    assert!(
        all.iter().all(|one| one["allows"] != "" && one["roles"][0] == "owner"),
        "{all:?}"
    );
    let some = site.ask(&["roles", "privileges", "Verifier"]).ok().out;
    assert!(some.contains("otp.verify  ask whether a code is right"), "{some}");
    assert_eq!(some.lines().count(), 2);
    let csv = site
        .ask(&["roles", "privileges", "verifier", "--output", "csv"])
        .ok()
        .out;
    assert!(csv.starts_with("privilege,allows,roles\r\notp.verify,"), "{csv}");
    site.ask(&["roles", "privileges", "nobody"]).refused(6);
}

#[test]
fn an_administrator_is_invited_comes_in_is_changed_and_his_sessions_end() {
    let site = Site::running();
    let invited = read(
        &site,
        &[
            "administrators",
            "invite",
            "eve@example.org",
            "Eve",
            "--role",
            "help_desk",
        ],
    );
    assert_eq!(invited["administrator"]["active"], false);
    site.ask(&[
        "administrators",
        "invite",
        "EVE@example.org",
        "Eve",
        "--role",
        "help_desk",
    ])
    .refused(8);
    let again = read(&site, &["administrators", "link", "Eve@example.org"]);
    assert_ne!(again["link"], invited["link"], "the first link dies");
    come_in(&site, again["link"].as_str().unwrap(), "eve@example.org");

    let sessions = read(&site, &["administrators", "sessions", "list", "eve@example.org"]);
    let session = sessions[0]["id"].as_str().unwrap();
    let nobody = "0198c5a0-0000-7000-8000-000000000000";
    site.ask(&["administrators", "sessions", "end", "eve@example.org", nobody])
        .refused(6);
    assert_eq!(
        site.ask(&["administrators", "sessions", "end", "eve@example.org"]).code,
        2,
        "which?"
    );
    site.ask(&["administrators", "sessions", "end", "eve@example.org", session])
        .ok();
    assert_eq!(
        read(&site, &["administrators", "sessions", "list", "eve@example.org"]),
        json!([])
    );
    site.ask(&["administrators", "sessions", "end", "eve@example.org", "--all"])
        .ok();

    site.ask(&["users", "create", "eadams", "Eve Adams"]).ok();
    let changed = read(
        &site,
        &[
            "administrators",
            "edit",
            "eve@example.org",
            "--role",
            "auditor",
            "--user",
            "eadams",
        ],
    );
    assert_eq!(
        (&changed["role"], &changed["user"]["user_name"]),
        (&json!("auditor"), &json!("eadams"))
    );
    let id = changed["id"].as_str().unwrap();
    assert_eq!(site.ask(&["administrators", "edit", id]).code, 2, "nothing to change");
    site.ask(&["administrators", "edit", id, "--role", "auditor", "--if-match", "1"])
        .refused(7);
    site.ask(&["administrators", "edit", id, "--role", "nonsense"])
        .refused(3);
    assert_eq!(read(&site, &["administrators", "disable", id])["disabled"], true);
    site.ask(&["administrators", "link", id]).refused(7);
    assert_eq!(read(&site, &["administrators", "enable", id])["disabled"], false);
    site.ask(&["administrators", "show", "nobody@example.org"]).refused(6);
    let table = site.ask(&["administrators", "list"]).ok().out;
    assert!(
        table.starts_with("E-MAIL ") && table.contains("eve@example.org"),
        "{table}"
    );
}

#[test]
fn a_link_is_shown_where_it_was_asked_for_and_nowhere_else() {
    let site = Site::running();
    let file = site.path("link.txt").display().to_string();
    let invite = ["administrators", "invite", "eve@example.org", "Eve", "--role"];
    // A refused invitation leaves no file in the way of the next.
    site.ask(&[&invite[..], &["nonsense", "--save-to", &file]].concat())
        .refused(3);
    let invited = site
        .ask(&[&invite[..], &["help_desk", "--save-to", &file]].concat())
        .ok();
    assert!(
        !invited.out.contains("token=") && !invited.err.contains("token="),
        "{invited:?}"
    );
    assert!(std::fs::read_to_string(&file).unwrap().contains("token="));
    site.ask(&["administrators", "link", "eve@example.org", "--save-to", &file])
        .refused(1);
    let shown = site.ask(&["administrators", "link", "eve@example.org"]).ok();
    assert!(
        shown.out.contains("token=") && !shown.err.contains("token="),
        "{shown:?}"
    );
    for arguments in [
        &["administrators", "list"][..],
        &["administrators", "show", "eve@example.org"],
        &["audit", "list"],
    ] {
        let told = site.ask(&[arguments, &["--output", "json"]].concat()).ok();
        assert!(!told.out.contains("token="), "{told:?}");
    }
}

#[test]
fn a_program_below_is_told_what_it_may_not() {
    let site = Site::running();
    site.ask(&["administrators", "invite", "eve@example.org", "Eve", "--role", "owner"])
        .ok();
    let token = read(&site, &["api-tokens", "create", "x", "--role", "administrator"]);
    let token = token["token"].as_str().unwrap();
    for arguments in [
        &["administrators", "edit", "eve@example.org", "--role", "view_only"][..],
        &["administrators", "disable", "eve@example.org"],
        &["administrators", "link", "eve@example.org"],
        &["administrators", "sessions", "end", "eve@example.org", "--all"],
        &["roles", "create", "Peeper", "--privilege", "device.userpin.read"],
        &["tenants", "rename", "Mine"],
    ] {
        site.ask_with(token, arguments).refused(5);
    }
    site.ask_with(token, &["roles", "create", "Clerk", "--privilege", "inventory.read"])
        .ok();
}

#[test]
fn the_tenant_is_seen_and_renamed() {
    let site = Site::running();
    assert_eq!(read(&site, &["tenants", "list"])[0]["name"], "Example Ltd");
    assert_eq!(
        read(&site, &["tenants", "rename", "Example Group"])["name"],
        "Example Group"
    );
    site.ask(&["tenants", "rename", ""]).refused(3);
    let checked = read(&site, &["audit", "verify-server"]);
    assert_eq!((&checked["ok"], &checked["problems"]), (&json!(true), &json!([])));
}
