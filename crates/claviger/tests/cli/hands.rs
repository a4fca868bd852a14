//! `claviger keys configure` and what follows, initial PINs, and a second person, through the program.

use serde_json::{Value, json};

use crate::site::{Ended, Site};

const SERIAL: &str = "00000001";

fn answer(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

/// A server with a key in stock and a policy.
fn stocked() -> Site {
    let site = Site::running();
    site.ask(&["policies", "create", "Head office", "--type", "standard"])
        .ok();
    let rows = "Acme Key,00000001,FIDO_2_1\nAcme Key,00000002,FIDO_2_1\n";
    let file = site.write("delivery.csv", &format!("deviceName,serialNumber,version\n{rows}"));
    site.ask(&["imports", "create", &file, "--policy", "Head office"]).ok();
    site
}

fn configure(site: &Site, more: &[&str]) -> Value {
    let begin = ["keys", "configure", SERIAL, "--serial-seen", SERIAL];
    site.ask(&[&begin, more].concat()).ok().json()
}

fn confirm(site: &Site, generation: &Value, read_back: &str) -> Ended {
    let generation = generation.to_string();
    site.ask(&[
        "keys",
        "confirm-configuration",
        SERIAL,
        "--generation",
        &generation,
        "--serial-seen",
        SERIAL,
        "--read-back",
        read_back,
    ])
}

/// Somebody who can be given a key.
fn user(site: &Site) -> String {
    let person =
        json!({ "user_name": "ada.l", "display_name": "Ada Lovelace", "email": "ada.l@example.org", "locale": "en" });
    let made = reqwest::blocking::Client::new()
        .post(format!("{}api/v1/users", site.address))
        .bearer_auth(&site.token)
        .header("content-type", "application/json")
        .body(person.to_string())
        .send();
    let made: Value = serde_json::from_str(&made.unwrap().text().unwrap()).unwrap();
    made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

fn told(ended: &Ended) -> String {
    format!("{}{}", ended.out, ended.err)
}

#[test]
fn a_key_is_configured_enrolled_observed_revoked_and_brought_back() {
    let site = stocked();
    let begun = configure(&site, &["--firmware", "5.7.1"]);
    assert_eq!((&begun["resumed"], &begun["admin_pin"]), (&json!(false), &Value::Null));
    let again = configure(&site, &["--firmware", "5.7.1"]);
    assert_eq!(
        (&again["resumed"], &again["user_pin"]),
        (&json!(true), &begun["user_pin"])
    );
    site.ask(&["keys", "abandon-configuration", SERIAL]).ok();
    let fresh = configure(&site, &[]);
    assert_ne!(fresh["user_pin"], begun["user_pin"], "the dropped PIN is gone");
    confirm(&site, &fresh["generation"], "different").refused(7);
    site.ask(&["keys", "configure", SERIAL, "--serial-seen", "00000002"])
        .refused(7);
    confirm(&site, &fresh["generation"], "equal").ok();
    let status = || answer(&site, &["keys", "show", SERIAL])["status"].clone();
    assert_eq!(status(), "configured");
    site.ask(&["keys", "enroll", SERIAL]).refused(7);
    site.ask(&["keys", "assign", SERIAL, "--user", &user(&site)]).ok();
    site.ask(&["keys", "enroll", SERIAL]).ok();
    assert_eq!(status(), "enrolled");
    site.ask(&["keys", "observe", SERIAL]).refused_by_the_command_line();
    let seen = answer(
        &site,
        &[
            "keys",
            "observe",
            SERIAL,
            "--seen",
            "--pin-state",
            "blocked",
            "--pin-retries",
            "0",
            "--firmware",
            "5.7.2",
        ],
    );
    assert_eq!(
        (&seen["locked"], &seen["firmware"]),
        (&json!(true), &json!("5.7.2")),
        "{seen}"
    );
    site.ask(&["keys", "revoke", SERIAL, "--reason", "leaver", "--yes"])
        .ok();
    site.ask(&["keys", "reinstate", SERIAL]).refused(7);
    site.ask(&["keys", "observe", SERIAL, "--reset-proven"]).ok();
    // The credential that it held is not gone by itself.
    site.ask(&["keys", "reinstate", SERIAL]).refused(7);
    site.ask(&["keys", "confirm-removed", SERIAL, "--note", "by hand"]).ok();
    site.ask(&["keys", "reinstate", SERIAL]).ok();
    let back = answer(&site, &["keys", "show", SERIAL]);
    assert_eq!((&back["status"], &back["generation"]), (&json!("in_stock"), &json!(2)));
}

#[test]
fn an_initial_pin_is_told_of_first_and_shown_alone_when_asked() {
    let site = stocked();
    let person = user(&site);
    let none = answer(&site, &["keys", "initial-pin", SERIAL]);
    assert_eq!(none["state"], "none");
    let made = configure(&site, &["--admin-pin"]);
    confirm(&site, &made["generation"], "equal").ok();
    let (user, admin) = (made["user_pin"].as_str().unwrap(), made["admin_pin"].as_str().unwrap());
    let look = site.ask(&["keys", "initial-pin", SERIAL]).ok();
    assert!(look.out.contains("user_pin admin_pin"), "{look:?}");
    let left = |site: &Site| {
        answer(site, &["keys", "initial-pin", SERIAL])["remaining"]
            .as_u64()
            .unwrap()
    };
    let before = left(&site);
    for (which, pin) in [("user-pin", user), ("admin-pin", admin)] {
        let shown = site.ask(&["keys", "initial-pin", SERIAL, "--show", which]).ok();
        assert_eq!(shown.out, format!("{pin}\n"), "alone, so that it can be piped");
        assert!(
            shown.err.contains("audit log") && !shown.err.contains(pin),
            "the caution is for the person"
        );
    }
    let full = answer(&site, &["keys", "initial-pin", SERIAL, "--show", "user-pin"]);
    assert_eq!((&full["value"], &full["field"]), (&json!(user), &json!("user_pin")));
    assert_eq!(left(&site), before - 3);
    // Nothing else that the program prints holds them.
    let others: [&[&str]; 6] = [
        &["keys", "initial-pin", SERIAL, "--output", "csv"],
        &["keys", "show", SERIAL, "--output", "json"],
        &["keys", "events", SERIAL, "--output", "json"],
        &["keys", "export"],
        &["audit", "export"],
        &["audit", "export", "--format", "csv"],
    ];
    for other in others {
        let told = told(&site.ask(other).ok());
        assert!(!told.contains(user) && !told.contains(admin), "{other:?}");
    }
    site.ask(&["keys", "assign", SERIAL, "--user", &person]).ok();
    let first = answer(&site, &["keys", "initial-pin", SERIAL])["hidden_on"].clone();
    let extend = [
        "keys",
        "extend-initial-pin",
        SERIAL,
        "--reason",
        "on leave",
        "--days",
        "60",
    ];
    let key = answer(&site, &extend);
    assert_eq!(key["serial_number"], SERIAL);
    let longer = answer(&site, &["keys", "initial-pin", SERIAL]);
    assert!(
        longer["hidden_on"].is_string() && longer["hidden_on"] != first,
        "{longer}"
    );
    site.ask(&["keys", "extend-initial-pin", SERIAL, "--reason", "x", "--days", "0"])
        .refused_by_the_command_line();
    site.ask(&["keys", "initial-pin", SERIAL, "--show", "both"])
        .refused_by_the_command_line();
    site.ask(&["keys", "observe", SERIAL, "--pin-changed"]).ok();
    let gone = site
        .ask(&["keys", "initial-pin", SERIAL, "--show", "user-pin"])
        .refused(7);
    assert!(gone.out.is_empty() && !gone.err.contains(user), "{gone:?}");
}

#[test]
fn a_program_without_the_right_learns_so_from_its_exit_code() {
    let site = stocked();
    let made = configure(&site, &[]);
    confirm(&site, &made["generation"], "equal").ok();
    let made_token = answer(&site, &["api-tokens", "create", "scanner", "--role", "view_only"]);
    let token = made_token["token"].as_str().unwrap();
    for command in [
        &["keys", "initial-pin", SERIAL][..],
        &["keys", "initial-pin", SERIAL, "--show", "user-pin"],
        &["keys", "configure", SERIAL, "--serial-seen", SERIAL],
        &["keys", "observe", SERIAL, "--seen"],
        &["keys", "enroll", SERIAL],
    ] {
        let refused = site.ask_with(token, command).refused(5);
        assert!(refused.out.is_empty(), "{refused:?}");
    }
}

/// Another Owner, signed in: what he answers to a request.
fn another_owner(site: &Site, email: &str) -> impl Fn(&str) -> u16 {
    let link = site.here(&["recover-owner", "--administrator", email]).ok().out;
    let token = link.trim().split_once("token=").unwrap().1.to_owned();
    let client = reqwest::blocking::Client::new();
    let base = site.address.clone();
    let origin = base.trim_end_matches('/').to_owned();
    let form =
        json!({ "setup_token": token, "email": email, "display_name": "Grace", "password": "a long passphrase 7" });
    let came = client
        .post(format!("{base}api/v1/setup"))
        .header("origin", &origin)
        .header("content-type", "application/json")
        .body(form.to_string())
        .send()
        .unwrap();
    assert_eq!(came.status(), 201, "{}", came.text().unwrap());
    let cookie = came.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    move |path| {
        let request = client
            .post(format!("{base}api/v1{path}"))
            .header("origin", &origin)
            .header("cookie", &cookie)
            .header("content-type", "application/json");
        request.body("{}").send().unwrap().status().as_u16()
    }
}

#[test]
fn a_second_person_is_asked_and_his_agreement_serves_once() {
    let site = stocked();
    site.ask(&["settings", "set", "--admin-pin-needs-approval", "true"])
        .ok();
    let made = configure(&site, &["--admin-pin"]);
    confirm(&site, &made["generation"], "equal").ok();
    let show = |approval: &str| {
        let show = ["keys", "initial-pin", SERIAL, "--show", "admin-pin"];
        let with = [&show[..], &["--approval", approval]].concat();
        site.ask(if approval.is_empty() { &show } else { &with })
    };
    let alone = show("").refused(7);
    assert!(alone.out.is_empty(), "{alone:?}");
    let request = [
        "approvals",
        "request",
        SERIAL,
        "--for",
        "admin-pin",
        "--reason",
        "locked out",
    ];
    let asked = answer(&site, &request);
    let id = asked["id"].as_str().unwrap();
    let pending = site.ask(&["approvals", "list", "--status", "pending"]).ok().out;
    assert!(pending.contains("locked out") && pending.contains(SERIAL), "{pending}");
    site.ask(&["approvals", "approve", id]).refused(7);
    show(id).refused(7);
    let owner = another_owner(&site, "grace@example.org");
    assert_eq!(owner(&format!("/approvals/{id}/approve")), 200);
    assert_eq!(show(id).ok().out, format!("{}\n", made["admin_pin"].as_str().unwrap()));
    show(id).refused(7);
    assert_eq!(answer(&site, &["approvals", "show", id])["status"], "used");
    let declined = answer(&site, &request);
    let id = declined["id"].as_str().unwrap();
    site.ask(&["approvals", "decline", id]).refused(7);
    assert_eq!(owner(&format!("/approvals/{id}/decline")), 200);
    let list = site
        .ask(&["approvals", "list", "--status", "declined", "--output", "csv"])
        .ok();
    assert!(
        list.out.contains(id) && list.out.contains("grace@example.org"),
        "{list:?}"
    );
}
