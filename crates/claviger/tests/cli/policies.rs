//! `claviger policies`.

use crate::site::Site;

const CREATE: &[&str] = &[
    "policies",
    "create",
    "Head office",
    "--type",
    "standard",
    "--min-pin-length",
    "6",
];

fn json(site: &Site, arguments: &[&str]) -> serde_json::Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

#[test]
fn a_policy_is_made_changed_by_name_put_away_brought_back_and_deleted() {
    let site = Site::running();
    let made = json(&site, CREATE);
    assert_eq!(
        (&made["name"], &made["min_pin_length"], &made["reset_allowed"]),
        (&"Head office".into(), &6.into(), &true.into())
    );
    let changed = json(
        &site,
        &[
            "policies",
            "update",
            "head office",
            "--min-pin-length",
            "8",
            "--reset-allowed",
            "false",
        ],
    );
    assert_eq!(
        (&changed["min_pin_length"], &changed["reset_allowed"]),
        (&8.into(), &false.into())
    );
    assert_eq!(changed["id"], made["id"]);
    let renamed = json(
        &site,
        &["policies", "update", made["id"].as_str().unwrap(), "--name", "Branch"],
    );
    assert_eq!(
        (&renamed["name"], &renamed["min_pin_length"]),
        (&"Branch".into(), &8.into())
    );
    assert!(
        json(&site, &["policies", "versions", "Branch"])
            .as_array()
            .is_some_and(|versions| !versions.is_empty())
    );
    assert_eq!(json(&site, &["policies", "archive", "Branch"])["archived"], true);
    // An archived policy is still found by its name.
    assert_eq!(json(&site, &["policies", "restore", "Branch"])["archived"], false);
    site.ask(&["policies", "delete", "Branch"]).refused(15);
    site.ask(&["policies", "delete", "Branch", "--yes"]).ok();
    site.ask(&["policies", "show", "Branch"]).refused(6);
}

#[test]
fn what_is_wrong_with_a_policy_is_named_and_a_taken_name_has_a_code_of_its_own() {
    let site = Site::running();
    site.ask(CREATE).ok();
    site.ask(CREATE).refused(8);
    let wrong = site
        .ask(&[
            "policies",
            "create",
            "Short",
            "--type",
            "standard",
            "--min-pin-length",
            "3",
        ])
        .refused(3);
    assert!(wrong.err.contains("/min_pin_length: "), "{wrong:?}");
    site.ask(&[
        "policies",
        "create",
        "Services",
        "--type",
        "standard",
        "--allowed-service",
        "example.org",
    ])
    .refused(3);
    assert_eq!(site.ask(&["policies", "create", "x", "--type", "nonsense"]).code, 2);
}

#[test]
fn policies_are_shown_as_a_table_a_card_and_csv_and_hostile_names_move_no_cursor() {
    let site = Site::running();
    site.ask(CREATE).ok();
    site.ask(&[
        "policies",
        "create",
        "=cmd()",
        "--type",
        "enterprise",
        "--allowed-service",
        "a.example,b.example",
    ])
    .ok();
    let table = site.ask(&["policies", "list"]).ok().out;
    let lines: Vec<&str> = table.lines().collect();
    let column = lines[0].find("TYPE").unwrap();
    assert!(
        lines[1..]
            .iter()
            .all(|line| ["standard", "enterpri"].contains(&&line[column..column + 8])),
        "{table}"
    );
    let card = site.ask(&["policies", "show", "Head office"]).ok().out;
    assert!(card.contains("Minimum PIN length      6\n"), "{card}");
    let csv = site.ask(&["policies", "list", "--output", "csv"]).ok().out;
    assert!(csv.contains("'=cmd(),enterprise,"), "{csv}");
    assert!(csv.contains(",a.example b.example,"), "{csv}");
}

#[test]
fn a_change_asked_twice_with_one_key_is_carried_out_once_and_answers_alike() {
    let site = Site::running();
    let create: Vec<&str> = CREATE
        .iter()
        .copied()
        .chain(["--idempotency-key", "k-1", "--output", "json"])
        .collect();
    let (first, second) = (site.ask(&create).ok(), site.ask(&create).ok());
    assert_eq!(first.out, second.out);
    let other = [
        "policies",
        "create",
        "Other",
        "--type",
        "standard",
        "--idempotency-key",
        "k-1",
    ];
    site.ask(&other).refused(3);
}

#[test]
fn a_policy_of_which_nothing_was_said_has_the_defaults_of_the_api_and_of_the_help() {
    let site = Site::running();
    let made = json(&site, &["policies", "create", "Plain", "--type", "standard"]);
    let client = reqwest::blocking::Client::new();
    let request = client
        .post(format!("{}api/v1/policies", site.address))
        .bearer_auth(&site.token)
        .header("content-type", "application/json")
        .body(r#"{"name": "Asked", "type": "standard"}"#);
    let asked: serde_json::Value = serde_json::from_str(&request.send().unwrap().text().unwrap()).unwrap();
    let help = site.ask(&["policies", "create", "--help"]).ok().out;
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for field in [
        "min_pin_length",
        "force_pin_change",
        "always_uv",
        "enterprise_attestation",
        "pin_kind",
        "reset_allowed",
        "initial_pin_days",
    ] {
        assert_eq!(made[field], asked[field], "{field}");
        let value = asked[field]
            .as_str()
            .map_or_else(|| asked[field].to_string(), str::to_owned);
        let flag = format!("--{} ", field.replace('_', "-"));
        let (_, told) = words.split_once(&flag).unwrap();
        let (_, told) = told.split_once("[new policies: ").unwrap();
        assert!(told.starts_with(&format!("{value}]")), "{field}: {told}");
    }
    for field in ["min_pin_length_rp_ids", "allowed_services"] {
        assert_eq!(made[field], asked[field], "{field}");
    }
}
