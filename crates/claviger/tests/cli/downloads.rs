//! `claviger downloads`.

use std::{fs, process::Command};

use serde_json::{Value, json};

use crate::site::{Ended, Site, program};

fn read(site: &Site, arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.extend(["--output", "json"]);
    site.ask(&arguments).ok().json()
}

/// The program, run in a folder.
fn ask_in(site: &Site, folder: &str, arguments: &[&str]) -> Ended {
    let mut command: Command = program();
    command.args(arguments).current_dir(site.path(folder));
    command
        .env("CLAVIGER_SERVER", &site.address)
        .env("CLAVIGER_TOKEN", &site.token);
    command.output().unwrap().into()
}

#[test]
fn a_file_goes_up_is_described_and_comes_down_as_it_was() {
    let site = Site::running();
    let numbers: Vec<String> = (0..120_000).map(|number| number.to_string()).collect();
    let content = numbers.join("\n");
    let file = site.write("claviger-key.msi", &content);
    let made = read(
        &site,
        &[
            "downloads",
            "upload",
            &file,
            "--system",
            "windows",
            "--version",
            "1.4.0",
            "--notes",
            "msiexec /i",
        ],
    );
    assert_eq!(
        (&made["file_name"], &made["kind"]),
        (&json!("claviger-key.msi"), &json!("workstation"))
    );
    assert_eq!(made["size"], content.len());
    assert_eq!(read(&site, &["downloads", "show", "claviger-key.msi"]), made);
    let table = site.ask(&["downloads", "list"]).ok().out;
    assert!(table.starts_with("FILE ") && table.contains("windows"), "{table}");

    fs::create_dir(site.path("here")).unwrap();
    let got = ask_in(&site, "here", &["downloads", "get", "claviger-key.msi"]).ok();
    assert!(
        got.out.is_empty() && got.err.contains(made["sha256"].as_str().unwrap()),
        "{got:?}"
    );
    assert!(fs::read_to_string(site.path("here/claviger-key.msi")).unwrap() == content);
    fs::write(site.path("here/claviger-key.msi"), "mine").unwrap();
    let kept = ask_in(&site, "here", &["downloads", "get", "claviger-key.msi"]).refused(1);
    assert!(kept.err.contains("--file"), "{kept:?}");
    assert_eq!(fs::read_to_string(site.path("here/claviger-key.msi")).unwrap(), "mine");
    let id = made["id"].as_str().unwrap();
    ask_in(&site, "here", &["downloads", "get", id, "--file", "claviger-key.msi"]).ok();
    assert!(fs::read_to_string(site.path("here/claviger-key.msi")).unwrap() == content);
    let piped = site.ask(&["downloads", "get", id, "--file", "-", "--quiet"]).ok();
    assert!(piped.out == content && piped.err.is_empty());

    site.ask(&["downloads", "delete", id]).refused(15);
    site.ask(&["downloads", "delete", id, "--yes"]).ok();
    site.ask(&["downloads", "get", id, "--file", "-"]).refused(6);
    site.ask(&["downloads", "show", "claviger-key.msi"]).refused(6);
}

#[test]
fn a_file_that_was_changed_in_the_database_is_not_kept() {
    let mut site = Site::running();
    let file = site.write("a.deb", "what was uploaded");
    read(
        &site,
        &["downloads", "upload", &file, "--system", "linux", "--version", "1"],
    );
    site.kill();
    let database = rusqlite::Connection::open(site.database()).unwrap();
    let changed = database.execute(
        "UPDATE download_chunks SET body = CAST('what was exchanged' AS BLOB)",
        [],
    );
    assert_eq!(changed.unwrap(), 1);
    database
        .execute("UPDATE downloads SET size = length('what was exchanged')", [])
        .unwrap();
    drop(database);
    site.start();
    let into = site.path("got.deb").display().to_string();
    let told = site.ask(&["downloads", "get", "a.deb", "--file", &into]).refused(1);
    assert!(told.err.contains("SHA-256"), "{told:?}");
    assert!(!site.path("got.deb").exists() && !site.path("got.deb.part").exists());
}

#[test]
fn files_of_one_name_are_told_apart_by_id_and_faults_end_in_their_codes() {
    let site = Site::running();
    let file = site.write("a.deb", "one");
    for version in ["1", "2"] {
        read(
            &site,
            &["downloads", "upload", &file, "--system", "linux", "--version", version],
        );
    }
    let told = site
        .ask(&["downloads", "delete", "a.deb", "--yes"])
        .refused_by_the_command_line();
    assert!(
        told.err.contains("is 1 for linux") && told.err.contains("is 2 for linux"),
        "{told:?}"
    );
    assert_eq!(read(&site, &["downloads", "list"]).as_array().unwrap().len(), 2);
    let empty = site.write("empty.deb", "");
    site.ask(&["downloads", "upload", &empty, "--system", "linux", "--version", "1"])
        .refused(3);
    site.ask(&[
        "downloads",
        "upload",
        "/no/such/file",
        "--system",
        "linux",
        "--version",
        "1",
    ])
    .refused(1);
    assert_eq!(
        site.ask(&["downloads", "upload", &file, "--system", "amiga", "--version", "1"])
            .code,
        2
    );
    let token = read(
        &site,
        &["api-tokens", "create", "x", "--role", "device_service_administrator"],
    );
    let token = token["token"].as_str().unwrap();
    site.ask_with(token, &["downloads", "list"]).ok();
    site.ask_with(
        token,
        &["downloads", "upload", &file, "--system", "linux", "--version", "3"],
    )
    .refused(5);
}
