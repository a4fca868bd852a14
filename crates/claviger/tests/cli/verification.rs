//! `claviger radius-clients` and `claviger settings verification`.

use serde_json::{Value, json};

use crate::site::Site;

const SECRET: &str = "a canary that sings to the gateway";

fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

#[test]
fn radius_clients_are_added_changed_and_taken_away_and_their_secrets_stay_in() {
    let site = Site::running();
    let file = site.write("secret.txt", &format!("{SECRET}\n"));
    let add = |name: &str| {
        let order = [
            "radius-clients",
            "add",
            name,
            "--network",
            "10.1.2.3",
            "--secret-file",
            &file,
        ];
        read(&site, &order)
    };
    let made = add("VPN gateway");
    let edit = ["radius-clients", "edit", "vpn gateway", "--network", "10.1.2.0/28"];
    let edited = read(&site, &edit);
    assert_eq!(
        (&edited["name"], &edited["network"], &edited["rotated_at"]),
        (&json!("VPN gateway"), &json!("10.1.2.0/28"), &made["rotated_at"])
    );
    let rotate = ["radius-clients", "rotate", "VPN gateway", "--secret-file", &file];
    assert_ne!(read(&site, &rotate)["rotated_at"], made["rotated_at"]);
    let list = site.ask(&["radius-clients", "list"]).ok();
    assert!(
        list.out.contains("10.1.2.0/28") && list.err.contains("--radius-listen"),
        "{list:?}"
    );
    let short = site.write("short.txt", "too short\n");
    let refused = site
        .ask(&["radius-clients", "rotate", "VPN gateway", "--secret-file", &short])
        .refused(3);
    assert!(
        refused.err.contains("/secret") && !refused.err.contains("too short"),
        "{refused:?}"
    );
    site.ask(&["radius-clients", "edit", "VPN gateway"])
        .refused_by_the_command_line();
    site.ask(&[
        "radius-clients",
        "add",
        "x",
        "--network",
        "10.1.2.3",
        "--secret",
        SECRET,
    ])
    .refused_by_the_command_line();
    let second = add("VPN gateway");
    let remove = |named: &str| site.ask(&["radius-clients", "remove", named, "--yes"]);
    remove("VPN gateway").refused_by_the_command_line();
    site.ask(&["radius-clients", "remove", second["id"].as_str().unwrap()])
        .refused(15);
    remove(second["id"].as_str().unwrap()).ok();
    remove("VPN gateway").ok();
    remove("VPN gateway").refused(6);
    assert_eq!(read(&site, &["radius-clients", "list"]), json!([]));
    let heard = site.ask(&["audit", "export"]).ok().out + &String::from_utf8_lossy(&site.said());
    assert!(heard.contains("radius_client.updated") && !heard.contains(SECRET));
}

#[test]
fn clients_of_privacyidea_are_let_in_by_their_networks() {
    let site = Site::running();
    let set = |more: &[&str]| site.ask(&[&["settings", "verification", "set"], more].concat());
    let fresh = read(&site, &["settings", "verification", "show"]);
    assert_eq!(
        (&fresh["compatible"], &fresh["compatible_networks"]),
        (&json!(false), &json!([]))
    );
    set(&["--compatible", "true"]).refused(3);
    set(&["--compatible", "true", "--networks", "10.1.0.0/16,10.2.3.4"]).ok();
    let on = read(&site, &["settings", "verification", "show"]);
    assert_eq!(
        (&on["compatible"], &on["compatible_networks"]),
        (&json!(true), &json!(["10.1.0.0/16", "10.2.3.4"]))
    );
    assert!(on["compatible_url"].as_str().unwrap().contains("/pi/"), "{on}");
    set(&["--networks", "10.0.0.0/99"]).refused(3);
    set(&["--networks", ""]).refused(3);
    set(&["--compatible", "false", "--networks", ""]).ok();
    assert_eq!(
        read(&site, &["settings", "verification", "show"])["compatible_networks"],
        json!([])
    );
    set(&["--compatible", "true", "--networks", "10.1.0.1", "--if-match", "999"]).refused(7);
    set(&[]).refused_by_the_command_line();
    let all = site.ask(&["settings", "show"]).ok().out;
    assert!(all.contains("/pi/"), "{all}");
}
