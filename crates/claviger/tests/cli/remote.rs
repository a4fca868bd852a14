//! Commands that ask a server.

use crate::site::Site;

#[test]
fn api_tokens_are_made_listed_used_and_revoked_in_every_format() {
    let site = Site::running();
    let made = site
        .ask(&[
            "api-tokens",
            "create",
            "scanner",
            "--role",
            "warehouse",
            "--output",
            "json",
        ])
        .ok()
        .json();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    let table = site.ask(&["api-tokens", "list"]).ok().out;
    assert!(
        table.starts_with("NAME ") && table.contains("scanner  warehouse"),
        "{table}"
    );
    assert!(!table.contains('\u{1b}'), "no colour where nobody looks");
    let csv = site.ask(&["api-tokens", "list", "--output", "csv"]).ok().out;
    assert!(
        csv.starts_with("name,role,created_at,last_used_at,expires_at,stopped,id\r\n"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 3);
    assert!(!table.contains("clv_") && !csv.contains("clv_"));
    let forbidden = site.ask_with(token, &["api-tokens", "list"]).refused(5);
    assert!(forbidden.err.contains("request "), "{forbidden:?}");
    let unasked = site.ask(&["api-tokens", "revoke", id]).refused(15);
    assert!(unasked.err.contains("--yes"), "{unasked:?}");
    site.ask(&["api-tokens", "revoke", id, "--yes"]).ok();
    site.ask_with(token, &["keys", "list"]).refused(4);
}

#[test]
fn a_new_token_can_go_to_a_file_that_only_its_owner_reads_and_nowhere_else() {
    let site = Site::running();
    let file = site.path("scanner.token");
    let path = file.to_str().unwrap();
    let made = site
        .ask(&[
            "api-tokens",
            "create",
            "scanner",
            "--role",
            "warehouse",
            "--save-to",
            path,
        ])
        .ok();
    assert!(!made.out.contains("clv_") && !made.err.contains("clv_"), "{made:?}");
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.starts_with("clv_"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Nothing is made when there is nowhere to keep it.
    site.ask(&[
        "api-tokens",
        "create",
        "second",
        "--role",
        "warehouse",
        "--save-to",
        path,
    ])
    .refused(1);
    let listed = site.ask(&["api-tokens", "list"]).ok().out;
    assert!(!listed.contains("second"), "{listed}");
    let from_file = site.ask_with("wrong", &["keys", "list", "--token-file", path]);
    assert_eq!(from_file.code, 0, "{from_file:?}");
}

#[test]
fn a_token_is_in_no_output_whatever_goes_wrong() {
    let site = Site::running();
    let secret = "clv_c2VjcmV0LXRoYXQtbXVzdC1ub3QtYXBwZWFy";
    let asked = [
        site.ask_with(secret, &["keys", "list"]),
        site.ask_with(
            secret,
            &["keys", "list", "--server", "http://localhost:1", "--retries", "0"],
        ),
        site.ask_with(secret, &["keys", "list", "--server", "http://claviger.example.org"]),
        site.ask_with(secret, &["keys", "list", "--server", "nonsense"]),
        site.ask_with(secret, &["keys", "list", "--help"]),
        site.ask_with(secret, &["keys", "nonsense"]),
        site.ask_with(&format!("{secret} with a blank"), &["keys", "list"]),
    ];
    let codes: Vec<i32> = asked.iter().map(|ended| ended.code).collect();
    assert_eq!(codes, [4, 12, 2, 2, 0, 2, 2]);
    for ended in asked {
        assert!(
            !ended.out.contains("c2Vjcm") && !ended.err.contains("c2Vjcm"),
            "{ended:?}"
        );
    }
}

#[test]
fn every_kind_of_refusal_has_its_exit_code() {
    let site = Site::running();
    let nobody = "0198c5a0-0000-7000-8000-000000000000";
    site.ask(&["keys", "show", nobody]).refused(6);
    site.ask(&["keys", "show", "no-such-serial"]).refused(6);
    site.ask(&["keys", "list", "--sort", "nonsense"]).refused(3);
    site.ask(&["api-tokens", "create", "x", "--role", "nonsense"])
        .refused(3);
    site.ask(&["keys", "delete", nobody]).refused(15);
    site.ask(&["keys", "delete", nobody, "--yes"]).refused(6);
    site.ask(&["keys", "revoke", nobody, "--reason", "lost", "--yes"])
        .refused(6);
    site.ask(&["imports", "create", "/no/such/file"]).refused(1);
    assert_eq!(site.ask(&["keys", "revoke", nobody, "--reason", "nonsense"]).code, 2);
    assert_eq!(site.ask(&["keys", "bulk", "release"]).code, 2, "which keys?");
    let told = site.ask(&["exit-codes"]).ok().out;
    assert!(told.contains("13  rows-rejected"), "{told}");
}

#[test]
fn an_empty_list_is_a_header_an_empty_array_and_a_header() {
    let site = Site::running();
    assert!(site.ask(&["keys", "list"]).ok().out.starts_with("DEVICE NAME "));
    assert_eq!(
        site.ask(&["keys", "list", "--output", "json"]).ok().json(),
        serde_json::json!([])
    );
    let csv = site.ask(&["keys", "list", "--output", "csv"]).ok().out;
    assert!(
        csv.starts_with("device_name,serial_number,version,status,policy,user,imported_at,"),
        "{csv}"
    );
    assert_eq!(csv.lines().count(), 1);
}

#[test]
fn the_audit_log_is_listed_by_condition_and_exported_whole() {
    let site = Site::running();
    site.ask(&["api-tokens", "create", "one", "--role", "view_only"]).ok();
    let listed = site
        .ask(&["audit", "list", "--action", "api_token.created", "--output", "json"])
        .ok()
        .json();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let file = site.path("audit.jsonl");
    site.ask(&["audit", "export", "--file", file.to_str().unwrap()]).ok();
    let exported = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        lines.iter().any(|event| event["action"] == "tenant.created"),
        "{exported}"
    );
    assert!(!site.path("audit.jsonl.part").exists());
}
