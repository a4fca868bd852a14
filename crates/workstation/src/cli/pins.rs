//! Where PINs come from: a file, a pipe, the environment or the terminal, and never the command line, which other users
//! of the machine can read.

use std::{fs, path::PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::{failure::Failure, person::Person};

/// The variable that holds the key's PIN.
const PIN: &str = "CLAVIGER_PIN";
/// The variable that holds the new PIN.
const NEW_PIN: &str = "CLAVIGER_NEW_PIN";

/// Where the key's PIN comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct PinSource {
    /// Read the PIN from the first line of standard input; a new PIN is the line after it
    #[arg(long, conflicts_with = "pin_file")]
    pub(crate) pin_stdin: bool,
    /// File that holds the PIN; without it the variable `CLAVIGER_PIN` counts, then the PIN is asked for and not shown
    #[arg(long, value_name = "FILE", env = "CLAVIGER_PIN_FILE")]
    pub(crate) pin_file: Option<PathBuf>,
}

/// Where a new PIN comes from.
#[derive(Debug, Clone, Args)]
pub(crate) struct NewPinSource {
    /// File that holds the new PIN; without it the variable `CLAVIGER_NEW_PIN` counts, then it is asked for twice and not shown
    #[arg(
        long,
        value_name = "FILE",
        env = "CLAVIGER_NEW_PIN_FILE",
        conflicts_with = "pin_stdin"
    )]
    pub(crate) new_pin_file: Option<PathBuf>,
}

impl PinSource {
    /// The key's PIN.
    pub(crate) fn pin(&self, person: &mut dyn Person) -> Result<Zeroizing<String>, Failure> {
        match self.given(person)? {
            Some(pin) => Ok(pin),
            None => asked(
                person,
                "The key's PIN (it is not shown):",
                "PIN",
                "--pin-file, --pin-stdin or CLAVIGER_PIN",
            ),
        }
    }

    /// The key's PIN if it was given without asking.
    pub(crate) fn given(&self, person: &mut dyn Person) -> Result<Option<Zeroizing<String>>, Failure> {
        if self.pin_stdin {
            return piped(person, "PIN").map(Some);
        }
        match &self.pin_file {
            Some(path) => from_file(path, "PIN").map(Some),
            None => Ok(person.variable(PIN)),
        }
    }
}

impl NewPinSource {
    /// The new PIN, which a person types twice.
    pub(crate) fn pin(&self, source: &PinSource, person: &mut dyn Person) -> Result<Zeroizing<String>, Failure> {
        if source.pin_stdin {
            return piped(person, "new PIN");
        }
        if let Some(path) = &self.new_pin_file {
            return from_file(path, "new PIN");
        }
        if let Some(pin) = person.variable(NEW_PIN) {
            return Ok(pin);
        }
        let places = "--new-pin-file, --pin-stdin or CLAVIGER_NEW_PIN";
        let first = asked(person, "The new PIN (it is not shown):", "new PIN", places)?;
        let second = asked(person, "The new PIN once more:", "new PIN", places)?;
        if first != second {
            return Err(Failure::usage("The two new PINs differ.", "Run the command again."));
        }
        Ok(first)
    }
}

fn piped(person: &mut dyn Person, what: &str) -> Result<Zeroizing<String>, Failure> {
    match person.next_line()? {
        Some(line) if !line.is_empty() => Ok(line),
        _ => Err(Failure::usage(
            format!("Standard input holds no {what}."),
            "Give it a line of its own; with two PINs the new one is the second line.",
        )),
    }
}

fn from_file(path: &PathBuf, what: &str) -> Result<Zeroizing<String>, Failure> {
    let text = fs::read_to_string(path).map_err(|cause| Failure::file(path.display(), &cause))?;
    let text = Zeroizing::new(text);
    let pin = text.trim_end_matches(['\r', '\n']);
    if pin.is_empty() {
        return Err(Failure::usage(
            format!("{} holds no {what}.", path.display()),
            "Write it into the file, on one line.",
        ));
    }
    Ok(Zeroizing::new(pin.to_owned()))
}

fn asked(person: &mut dyn Person, question: &str, what: &str, places: &str) -> Result<Zeroizing<String>, Failure> {
    if !person.can_answer() {
        return Err(Failure::usage(
            format!("No {what} is given, and nobody can be asked here."),
            format!("Give it with {places}."),
        ));
    }
    let pin = person.ask_secret(question)?;
    if pin.is_empty() {
        return Err(Failure::usage(
            format!("The {what} is empty."),
            "Run the command again and type it.",
        ));
    }
    Ok(pin)
}
