//! Why a command did not do what it was asked: a message for people and a code for programs.

use std::{fmt, io};

use claviger_api::client::ClientError;

use crate::exit::Exit;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// What can be done about it, and what helps to find the cause.
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

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
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

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let mut failure = Self::new(Exit::of(&error), error.to_string());
        match &error {
            ClientError::Problem(problem) => {
                failure.message = format!("{}: {}", problem.title, problem.detail);
                failure.hints.extend(
                    problem
                        .errors
                        .iter()
                        .map(|place| format!("{}: {}", place.pointer, place.detail)),
                );
                failure.hints.extend(error.kind().map(|kind| kind.remedy().to_owned()));
                failure.hints.push(format!("request {}", problem.request_id));
            }
            ClientError::Unreachable {
                idempotency_key: Some(key),
                ..
            } => failure.hints.push(format!(
                "the change may have been carried out; repeating it with --idempotency-key {key} is safe and tells"
            )),
            ClientError::Unreachable { .. }
            | ClientError::Unexpected(_)
            | ClientError::Settings(_)
            | ClientError::File { .. } => {}
        }
        failure
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(failure) => failure,
            Err(error) => Self::new(Exit::Unexpected, format!("{error:#}")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
