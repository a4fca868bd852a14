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

/// What was said for an argument of the same name would be believed for the flag of the group.
fn covers_no_flag_of_its_group(name: &str, command: &Command, above: &[String]) {
    let mut flags = above.to_vec();
    for argument in command.get_arguments() {
        let id = argument.get_id().to_string();
        assert!(argument.is_global_set() || !above.contains(&id), "{name}: {id}");
        flags.extend(argument.is_global_set().then_some(id));
    }
    for below in command.get_subcommands() {
        covers_no_flag_of_its_group(&format!("{name} {}", below.get_name()), below, &flags);
    }
}

#[test]
fn no_argument_is_called_as_a_flag_of_its_group_is() {
    covers_no_flag_of_its_group("claviger", &Cli::command(), &[]);
}

#[test]
fn every_group_and_every_command_of_the_machine_shows_an_example() {
    for (name, command) in all() {
        let group = command.has_subcommands() || name.split(' ').count() == 2;
        let plain = ["claviger audit", "claviger exit-codes"].contains(&name.as_str());
        let remote = name.split(' ').count() > 2;
        if group && !plain && !remote {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("claviger "), "{name} has no example");
        }
    }
}

#[test]
fn no_help_names_a_secret_from_the_environment() {
    for (name, mut command) in all() {
        let help = command.render_long_help().to_string();
        assert!(!help.contains("CLAVIGER_TOKEN="), "{name}");
    }
}

/// `docs/cli.md`.
fn page() -> String {
    let mut page = String::from(
        "# The command line\n\nMade from the program itself: `claviger help COMMAND` says the same. Commands that ask a server read \
         `CLAVIGER_SERVER`\nand `CLAVIGER_TOKEN` (or `CLAVIGER_TOKEN_FILE`), and take the \
         [flags of all of them](#flags-of-every-command-that-asks-a-server) besides their own;\nthe settings of the others are in \
         [settings.md](settings.md).\n\nResults go to standard output, everything else to standard error. `--output json` \
         prints what the API answers, a list\nas an array; `--output csv` has the names of the API in its header and \
         neutralises cells that a spreadsheet would run.\nTables show times to the second; JSON and CSV have all of them. \
         Every change but `tokens verify` and `tokens test` carries an\n`Idempotency-Key`: when a connection is lost it is \
         sent again and carried out once.\n\n## Exit codes\n\n```text\n",
    );
    page.push_str(&exit::page());
    page.push_str("```\n\n## Flags of every command that asks a server\n\n```text\n");
    page.push_str(&shared_flags());
    page.push_str("\n```\n");
    for (name, command) in all() {
        let mut own = command.mut_args(|argument| {
            let shared = argument.is_global_set();
            argument.hide(shared)
        });
        let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", help(&mut own));
    }
    page
}

fn help(command: &mut Command) -> String {
    let help = command.render_help().to_string();
    let lines: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// What every command that asks a server shows besides its own; on the page it stands once.
fn shared_flags() -> String {
    let whoami = all().into_iter().find(|(name, _)| name == "claviger whoami");
    let (_, whoami) = whoami.expect("whoami has no flags of its own");
    let whoami = whoami.mut_arg("help", |flag| flag.hide(true));
    help(&mut whoami.help_template("{all-args}"))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "asked once, whether the page is to be written")]
fn the_committed_page_of_the_command_line_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md");
    if std::env::var_os("CLAVIGER_BLESS").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == page(),
        "run the tests once with CLAVIGER_BLESS=1 and commit docs/cli.md"
    );
}
