//! `claviger users`.

use serde_json::{Value, json};

use crate::site::Site;

fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

#[test]
fn a_user_is_made_found_by_name_changed_disabled_and_enabled() {
    let site = Site::running();
    let made = read(
        &site,
        &[
            "users",
            "create",
            "ada",
            "Ada Lovelace",
            "--email",
            "ada@example.org",
            "--locale",
            "cs",
        ],
    );
    assert_eq!((&made["status"], &made["keys"]), (&json!("active"), &json!(0)));
    let changed = read(
        &site,
        &["users", "update", "ADA", "--display-name", "Countess", "--email", ""],
    );
    assert_eq!(
        (
            &changed["display_name"],
            &changed["email"],
            &changed["locale"],
            &changed["id"]
        ),
        (&json!("Countess"), &json!(null), &json!("cs"), &made["id"])
    );
    let disabled = read(&site, &["users", "disable", "ada"]);
    assert_eq!(disabled["status"], "disabled");
    site.ask(&["users", "disable", "ada"]).refused(7);
    assert_eq!(
        read(&site, &["users", "list", "--status", "disabled"])
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        read(&site, &["users", "enable", made["id"].as_str().unwrap()])["disabled_at"],
        json!(null)
    );
    let events = read(&site, &["users", "events", "ada"]);
    assert_eq!(events[0]["action"], "user.enabled");
    site.ask(&["users", "create", "Ada", "Another"]).refused(8);
    site.ask(&["users", "show", "nobody"]).refused(6);
    let wrong = site.ask(&["users", "create", "bob", "Bob", "--email", "x"]).refused(3);
    assert!(wrong.err.contains("/email: "), "{wrong:?}");
    let table = site.ask(&["users", "list", "--search", "count"]).ok().out;
    assert!(table.contains("Countess") && table.contains("ada"), "{table}");
}

#[test]
fn a_list_goes_in_whole_or_not_at_all_and_comes_out_as_it_went_in() {
    let site = Site::running();
    let good = site.write(
        "people.csv",
        "userName;displayName;email\r\nada;Ada;ada@example.org\r\nbob;=Bob;\r\n",
    );
    let seen = read(&site, &["users", "import", &good, "--dry-run"]);
    assert_eq!(
        seen["counts"],
        json!({ "created": 2, "updated": 0, "unchanged": 0, "rejected": 0 })
    );
    assert_eq!(read(&site, &["users", "list"]), json!([]));
    site.ask(&["users", "import", &good]).ok();
    assert_eq!(read(&site, &["users", "import", &good])["counts"]["unchanged"], 2);
    let bad = site.write("bad.csv", "user_name,display_name\neve,Eve\n,x\n");
    let refused = site.ask(&["users", "import", &bad]).refused(13);
    assert!(
        refused.out.contains("the user name is empty") && refused.out.contains('3'),
        "{refused:?}"
    );
    assert_eq!(read(&site, &["users", "list"]).as_array().unwrap().len(), 2);
    let file = site.path("out.csv").display().to_string();
    site.ask(&["users", "export", "--file", &file]).ok();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("bob,'=Bob,"), "{text}");
    assert_eq!(read(&site, &["users", "import", &file])["counts"]["unchanged"], 2);
    let nowhere = site.path("nowhere.csv").display().to_string();
    assert_ne!(site.ask(&["users", "import", &nowhere]).code, 0);
}

#[test]
fn keys_are_given_and_found_by_user_name() {
    let site = Site::running();
    site.ask(&["users", "create", "ada", "Ada"]).ok();
    site.ask(&["policies", "create", "Staff", "--type", "standard"]).ok();
    let delivery = site.write(
        "d.csv",
        "deviceName,serialNumber,version\nKey,S1,FIDO_2_1\nKey,S2,FIDO_2_1\n",
    );
    site.ask(&["keys", "import", &delivery, "--policy", "Staff"]).ok();
    site.ask(&["keys", "assign", "S1", "--user", "Ada"]).ok();
    site.ask(&["keys", "assign", "S2", "--user", "nobody"]).refused(6);
    assert_eq!(
        read(&site, &["keys", "list", "--of-user", "ada"])[0]["serial_number"],
        "S1"
    );
    let told = site.ask(&["users", "disable", "ada"]).ok();
    assert!(told.err.contains("1 key stays with ada;"), "{told:?}");
    assert_eq!(
        read(&site, &["keys", "list", "--user-status", "disabled"])[0]["serial_number"],
        "S1"
    );
    let figures = read(&site, &["keys", "overview"]);
    let left = figures
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "disabled_user_keys");
    assert_eq!(left.unwrap()["count"], 1, "{figures}");
    site.ask(&["keys", "bulk", "--user-status", "disabled", "--expect", "1", "unassign"])
        .ok();
    assert_eq!(read(&site, &["users", "show", "ada"])["keys"], 0);
}
