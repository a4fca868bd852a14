//! `claviger settings sign-in`.

use std::{io::Write as _, process::Stdio};

use serde_json::{Value, json};

use crate::site::{Ended, Site, program};

const SECRET: &str = "canary-of-the-provider";

fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

/// The program with something on its standard input.
fn ask_told(site: &Site, arguments: &[&str], told: &str) -> Ended {
    let mut command = program();
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
        .env("CLAVIGER_SERVER", &site.address)
        .env("CLAVIGER_TOKEN", &site.token);
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_provider_is_set_up_changed_part_by_part_and_removed() {
    let site = Site::running();
    let none = site.ask(&["settings", "sign-in", "show"]).refused(6);
    assert!(none.err.contains("no identity provider is set up"), "{none:?}");
    let unfinished = site
        .ask(&["settings", "sign-in", "set", "--issuer", "https://id.example.org"])
        .refused_by_the_command_line();
    assert!(unfinished.err.contains("--client-id"), "{unfinished:?}");
    let first = [
        "settings",
        "sign-in",
        "set",
        "--issuer",
        "https://id.example.org",
        "--client-id",
        "claviger",
        "--button-label",
        "Example Ltd",
        "--client-secret-file",
        "-",
        "--group-role",
        "CN=Admins,OU=Keys=administrator",
        "--group-role",
        "desk=help_desk",
    ];
    let set = ask_told(&site, &first, &format!("{SECRET}\n")).ok();
    assert!(
        set.err.contains("/callback") && set.out.contains("Client secret set"),
        "{set:?}"
    );
    assert!(!set.out.contains(SECRET) && !set.err.contains(SECRET));
    let shown = read(&site, &["settings", "sign-in", "show"]);
    assert_eq!(
        (&shown["client_secret_set"], &shown["scopes"], &shown["groups_claim"]),
        (&json!(true), &json!(["email", "profile"]), &json!("groups"))
    );
    assert_eq!(
        shown["group_roles"],
        json!({ "CN=Admins,OU=Keys": "administrator", "desk": "help_desk" })
    );

    let change = [
        "settings",
        "sign-in",
        "set",
        "--no-group",
        "desk",
        "--default-role",
        "view_only",
        "--scopes",
        "email,groups",
        "--create-administrators",
        "false",
        "--listed",
        "false",
        "--groups-claim",
        "teams",
    ];
    let changed = read(&site, &change);
    assert_eq!(changed["group_roles"], json!({ "CN=Admins,OU=Keys": "administrator" }));
    assert_eq!(
        (
            &changed["issuer"],
            &changed["client_secret_set"],
            &changed["default_role"],
            &changed["scopes"]
        ),
        (
            &shown["issuer"],
            &json!(true),
            &json!("view_only"),
            &json!(["email", "groups"])
        )
    );
    assert_eq!(
        (
            &changed["create_administrators"],
            &changed["listed"],
            &changed["groups_claim"]
        ),
        (&json!(false), &json!(false), &json!("teams"))
    );
    assert!(read(&site, &["settings", "sign-in", "set", "--no-default-role"])["default_role"].is_null());
    site.ask(&["settings", "sign-in", "set", "--no-group", "desk"])
        .refused_by_the_command_line();
    site.ask(&["settings", "sign-in", "set", "--listed", "true", "--if-match", "1"])
        .refused(7);
    site.ask(&["settings", "sign-in", "set", "--default-role", "nonsense"])
        .refused(3);
    assert_eq!(site.ask(&["settings", "sign-in", "set"]).code, 2, "nothing to set");
    let elsewhere = site
        .ask(&["settings", "sign-in", "set", "--issuer", "https://id.example.com"])
        .refused(3);
    assert!(
        elsewhere.err.contains("/client_secret"),
        "a secret goes to no other issuer: {elsewhere:?}"
    );

    site.ask(&["settings", "sign-in", "remove"]).refused(15);
    site.ask(&["settings", "sign-in", "remove", "--yes"]).ok();
    site.ask(&["settings", "sign-in", "show"]).refused(6);
    let log = site.ask(&["audit", "list", "--output", "json"]).ok().out;
    assert!(log.contains("sign_in.oidc_removed") && !log.contains(SECRET), "{log}");
}

#[test]
fn a_client_secret_comes_from_a_file_or_a_pipe_and_is_no_flag() {
    let site = Site::running();
    let set = [
        "settings",
        "sign-in",
        "set",
        "--issuer",
        "https://id.example.org",
        "--client-id",
        "c",
        "--button-label",
        "B",
    ];
    let file = site.write("secret.txt", &format!("{SECRET}\r\n"));
    let kept = read(&site, &[&set[..], &["--client-secret-file", &file]].concat());
    assert_eq!(kept["client_secret_set"], true);
    assert_eq!(site.ask(&[&set[..], &["--client-secret", SECRET]].concat()).code, 2);
    let empty = ask_told(&site, &[&set[..], &["--client-secret-file", "-"]].concat(), "\n").refused(2);
    assert!(empty.err.contains("the client secret is empty"), "{empty:?}");
    site.ask(&[&set[..], &["--client-secret-file", "/no/such/file"]].concat())
        .refused(1);
}

#[test]
fn a_provider_that_does_not_answer_is_told_with_its_reason_and_a_code_of_its_own() {
    let site = Site::running();
    site.ask(&["settings", "sign-in", "test"]).refused(6);
    site.ask(&["settings", "sign-in", "test", "--issuer", "nonsense"])
        .refused(3);
    // Nobody listens where a listener was just closed.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let issuer = format!("http://{nobody}");
    let told = site
        .ask(&["settings", "sign-in", "test", "--issuer", &issuer, "--output", "json"])
        .refused(1);
    let answer = told.json();
    assert_eq!(answer["ok"], false);
    assert!(
        told.err.contains("the provider cannot be used: ") && answer["problem"].is_string(),
        "{told:?}"
    );
}
