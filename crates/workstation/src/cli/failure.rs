//! Why a command did not do what it was asked: what happened, what state the key is in, the next step, and a code.

use std::{fmt, io};

use claviger_workstation::{Failed, Stage, Trouble};

use crate::exit::Exit;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// What state the key is in, and what can be done next.
    pub(crate) hints: Vec<String>,
    /// The reader of our output has gone: nothing is said.
    pub(crate) silent: bool,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hints: Vec::new(),
            silent: false,
        }
    }

    /// The command ended before anything of the key was changed; `next` is what to do about it.
    pub(crate) fn unchanged(exit: Exit, message: impl Into<String>, next: impl fmt::Display) -> Self {
        Self::new(exit, message)
            .hint("State: Nothing was changed.")
            .hint(format!("Next:  {next}"))
    }

    /// What was given to the command is not what it needs.
    pub(crate) fn usage(message: impl Into<String>, next: impl fmt::Display) -> Self {
        Self::unchanged(Exit::Usage, message, next)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The person did not say yes.
    pub(crate) fn declined() -> Self {
        let next = "Run the command again to be asked again.";
        Self::unchanged(Exit::NotConfirmed, "It was not confirmed.", next)
    }

    /// A file on this machine failed.
    pub(crate) fn file(path: impl fmt::Display, cause: &io::Error) -> Self {
        Self::new(Exit::Unexpected, format!("{path}: {cause}"))
    }

    /// Our output could not be written; a reader that has seen enough is no fault.
    pub(crate) fn written(cause: &io::Error) -> Self {
        let silent = cause.kind() == io::ErrorKind::BrokenPipe;
        Self {
            silent,
            ..Self::new(Exit::Unexpected, format!("the output cannot be written: {cause}"))
        }
    }
}

impl From<Failed> for Failure {
    fn from(failed: Failed) -> Self {
        Self::new(Exit::of(&failed), failed.what())
            .hint(format!("State: {}", failed.state()))
            .hint(format!("Next:  {}", failed.next()))
    }
}

/// Trouble while looking for a key or reading from it.
impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Stage::Reading.failed(trouble).into()
    }
}
