//! Why a command did not do what it was asked: a message for people and a code for programs.

use std::{fmt, io};

use claviger_api::{Problem, ProblemKind, client::ClientError};

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

    /// A change of nothing is a slip: of a flag's name, or of a script's variable.
    pub(crate) fn nothing_to_change() -> Self {
        Self::usage("nothing is to be changed").hint("name what is to change with a flag; `--help` lists them")
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
                failure.message = told(problem, error.kind());
                failure.hints.extend(
                    problem
                        .errors
                        .iter()
                        .map(|place| format!("{}: {}", place.pointer, place.detail)),
                );
                failure.hints.extend(error.kind().and_then(next).map(str::to_owned));
                failure.hints.push(format!("request {}", problem.request_id));
            }
            ClientError::Unreachable {
                detail,
                idempotency_key,
                ..
            } => {
                // What a TLS library calls an answer that is not TLS.
                if detail.contains("InvalidContentType") {
                    failure
                        .hints
                        .push("it answers without TLS: is `https` right?".to_owned());
                }
                failure.hints.extend(idempotency_key.as_ref().map(|key| {
                    format!("the change may have been carried out; repeating it with --idempotency-key {key} is safe and tells")
                }));
            }
            ClientError::Unexpected(_) | ClientError::Settings(_) | ClientError::File { .. } => {}
        }
        failure
    }
}

/// What the server said, each thing once: its general words where it names places, its particular ones otherwise.
fn told(problem: &Problem, kind: Option<ProblemKind>) -> String {
    match kind {
        Some(ProblemKind::Validation) if !problem.errors.is_empty() => problem.title.to_string(),
        Some(ProblemKind::NotFound) => problem.detail.clone(),
        _ => format!("{}: {}", problem.title, problem.detail),
    }
}

/// What whoever typed the command can do about it; the API's own advice is for programs.
const fn next(kind: ProblemKind) -> Option<&'static str> {
    match kind {
        ProblemKind::Unauthenticated => {
            Some("the API token comes from --token-file, --token or the environment; an Owner makes a new one")
        }
        ProblemKind::Forbidden => {
            Some("`claviger whoami` shows what the API token may do; ask for one whose role holds the privilege")
        }
        ProblemKind::StepUpRequired => Some("a person does this, signed in to the console"),
        ProblemKind::NotFound => Some("an API token sees the things of its own tenant alone"),
        ProblemKind::Internal => Some("try again; the request stands in the server's log"),
        ProblemKind::RateLimited | ProblemKind::Unavailable | ProblemKind::Timeout => Some("try again later"),
        ProblemKind::Sealed => Some("the operator has to supply the key-encryption key and restart the server"),
        ProblemKind::ResyncFailed => Some("give two codes that follow each other directly"),
        ProblemKind::Validation
        | ProblemKind::Malformed
        | ProblemKind::MethodNotAllowed
        | ProblemKind::Stale
        | ProblemKind::Refused
        | ProblemKind::Duplicate
        | ProblemKind::TooLarge
        | ProblemKind::UnsupportedMediaType => None,
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
