use std::fmt::Write as _;

use clap::{Command, CommandFactory};

use super::Cli;
use crate::exit;

#[test]
fn the_command_line_contradicts_itself_nowhere() {
    Cli::command().debug_assert();
}

/// Every command below this one, with its full name.
fn commands(above: &str, command: &Command, found: &mut Vec<(String, Command)>) {
    let name = format!("{above} {}", command.get_name()).trim().to_owned();
    found.push((name.clone(), command.clone()));
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        commands(&name, below, found);
    }
}

fn all() -> Vec<(String, Command)> {
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut found = Vec::new();
    commands("", &command, &mut found);
    found
}

#[test]
fn every_command_and_every_flag_is_explained() {
    for (name, command) in all() {
        assert!(command.get_about().is_some(), "{name}");
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{name} {}", argument.get_id());
        }
    }
}

#[test]
fn every_group_shows_an_example() {
    for (name, command) in all() {
        let group = name.split(' ').count() <= 2 && name != "claviger-key exit-codes";
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        assert!(!group || help.contains("claviger-key "), "{name} has no example");
    }
}

#[test]
fn no_flag_holds_a_pin() {
    for (name, command) in all() {
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            let is_pin = id.contains("pin");
            let is_place = id.ends_with("_file") || id == "pin_stdin";
            assert!(!is_pin || is_place, "{name} {id}");
        }
    }
}

/// `docs/cli-key.md`.
fn page() -> String {
    let mut page = String::from(
        "# claviger-key: the command line\n\nMade from the program itself: `claviger-key help COMMAND` says the same. What \
         it is for, and what its messages mean: [claviger-key](claviger-key.md).\n\nResults go to standard output, everything \
         else to standard error. `--output json` prints objects and arrays for programs;\n`watch --output json` prints one \
         object a line.\n\n## Exit codes\n\n```text\n",
    );
    page.push_str(&exit::page());
    page.push_str("```\n");
    for (name, mut command) in all() {
        let help = command.render_help().to_string();
        let lines: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
        let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n"));
    }
    page
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked once, whether the page is to be written")]
fn the_committed_page_of_the_command_line_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli-key.md");
    if std::env::var_os("CLAVIGER_BLESS").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == page(),
        "run the tests once with CLAVIGER_BLESS=1 and commit docs/cli-key.md"
    );
}
