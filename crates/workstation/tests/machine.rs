#![cfg(test)]
//! The program itself on this machine: without the service for smart cards, and beside another process.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Command, Output, Stdio},
};

use claviger_workstation::{Locks, Trouble};

/// Runs the program where the service for smart cards cannot be reached.
fn without_readers(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_claviger-key"))
        .args(arguments)
        .env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn without_the_service_for_smart_cards_the_rest_works_and_the_way_is_named() {
    let list = without_readers(&["list", "--output", "json"]);
    assert_eq!(list.status.code(), Some(0), "{}", said(&list));
    assert!(
        serde_json::from_slice::<serde_json::Value>(&list.stdout)
            .unwrap()
            .is_array()
    );
    assert!(
        said(&list).contains("The service for smart cards does not run."),
        "{}",
        said(&list)
    );
    let info = without_readers(&["info", "--reader", "a reader that is not there"]);
    assert_eq!(info.status.code(), Some(12), "{}", said(&info));
    assert!(said(&info).contains("Next:  Start it"), "{}", said(&info));
}

#[test]
fn a_wrong_command_line_has_the_code_of_usage_and_completions_need_no_key() {
    assert_eq!(without_readers(&["pin", "set", "--pin", "1234"]).status.code(), Some(2));
    let script = without_readers(&["completions", "bash"]);
    assert!(String::from_utf8(script.stdout).unwrap().contains("claviger-key"));
    let codes = String::from_utf8(without_readers(&["exit-codes"]).stdout).unwrap();
    assert!(codes.contains("17  replug"), "{codes}");
}

/// Not a test of its own: another process that takes a lock, says so, and keeps it until its input ends.
#[test]
#[ignore = "a part of the test below, which runs it in a process of its own"]
fn hold_a_lock() {
    let mut folder = String::new();
    std::io::stdin().read_line(&mut folder).unwrap();
    let held = Locks::within(folder.trim_end().into()).take("R 00").unwrap();
    println!("held");
    let mut rest = String::new();
    std::io::stdin().read_to_string(&mut rest).unwrap();
    drop(held);
}

#[test]
fn a_key_that_another_process_holds_is_free_again_when_that_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let locks = Locks::within(folder.path().to_path_buf());
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hold_a_lock", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = other.stdin.take().unwrap();
    writeln!(input, "{}", folder.path().display()).unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("held")));

    let by = format!("claviger-key, process {}", other.id());
    let expected = Trouble::InUse {
        place: "R 00".to_owned(),
        by: Some(by),
    };
    assert_eq!(locks.take("R 00").unwrap_err(), expected);
    let _other_place = locks.take("R 01").unwrap();
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(locks.take("R 00").is_ok());
}
