//! The command line: every command and what is said to all of them.

use clap::{Args, CommandFactory, Parser, Subcommand};
use claviger_workstation::{Attention, Machine, Wanted};

use crate::{
    commands::{config, credentials, info, list, pin, reset, watch},
    desk::Desk,
    exit,
    failure::Failure,
    output::Output,
    person::Person,
};

const EXAMPLES: &str = "\
Examples:
  claviger-key list
  claviger-key info --serial 0123456789
  claviger-key pin set
  claviger-key config min-pin-length 8 --force-change --reader \"ACS ACR1252\"
  claviger-key credentials list --output json --pin-file pin.txt
  claviger-key reset
  claviger-key watch --output json

PINs are asked for, or come from --pin-file, --pin-stdin, CLAVIGER_PIN or CLAVIGER_PIN_FILE; there is no flag that holds one.
`claviger-key exit-codes` lists the exit codes.";

/// Looks at security keys and changes them, without a server
#[derive(Debug, Parser)]
#[command(name = "claviger-key", version, after_help = EXAMPLES, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    output: Output,
    #[command(subcommand)]
    command: Command,
}

/// Which key is meant.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which key")]
struct Choice {
    /// The reader or USB device, or a part of its name; needed where several keys are connected
    #[arg(long, global = true, value_name = "NAME")]
    reader: Option<String>,
    /// The serial number that the key itself tells
    #[arg(long, global = true, value_name = "SERIAL")]
    serial: Option<String>,
    /// Let other programs use the reader meanwhile; they can disturb what is being done
    #[arg(long, global = true)]
    shared: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the keys that are connected
    List(list::List),
    /// Show all that a key tells of itself, and what the state of its PIN means
    Info(info::Info),
    /// Set or change a key's PIN
    #[command(subcommand)]
    Pin(pin::Pin),
    /// Change a key's settings (authenticatorConfig)
    #[command(subcommand)]
    Config(config::Config),
    /// Show and delete the credentials on a key
    #[command(subcommand)]
    Credentials(credentials::Credentials),
    /// Make a key as new: its PIN and every credential on it are lost for good
    Reset(reset::Reset),
    /// Tell when keys come and go, until it is stopped
    Watch(watch::Watch),
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  claviger-key completions bash > /etc/bash_completion.d/claviger-key")]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Explain the exit codes
    ExitCodes,
}

impl Cli {
    /// Carries out the command.
    pub(crate) fn run(
        self,
        machine: &mut dyn Machine,
        person: &mut dyn Person,
        attention: Attention,
    ) -> Result<(), Failure> {
        let mut desk = Desk {
            machine,
            person,
            attention,
            output: self.output,
            wanted: Wanted {
                reader: self.choice.reader,
                serial: self.choice.serial,
            },
            shared: self.choice.shared,
        };
        match self.command {
            Command::List(order) => list::run(&mut desk, &order),
            Command::Info(order) => info::run(&mut desk, &order),
            Command::Pin(order) => pin::run(&mut desk, &order),
            Command::Config(order) => config::run(&mut desk, &order),
            Command::Credentials(order) => credentials::run(&mut desk, &order),
            Command::Reset(order) => reset::run(&mut desk, &order),
            Command::Watch(order) => watch::run(&mut desk, &order),
            Command::Completions { shell } => completions(&mut desk, shell),
            Command::ExitCodes => desk.person.result(&exit::page()),
        }
    }
}

fn completions(desk: &mut Desk<'_>, shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "claviger-key", &mut script);
    desk.person.result(&String::from_utf8_lossy(&script))
}

#[cfg(test)]
mod tests;
