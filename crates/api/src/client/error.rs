//! What can go wrong when a server is called.

use std::{error::Error, fmt::Write as _, io};

use crate::{Problem, ProblemKind};

/// Why a call gave no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server refused, and said why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// No answer came, however often it was tried.
    #[error("{server} cannot be reached: {detail}")]
    Unreachable {
        /// The server's address.
        server: String,
        /// What happened on the way.
        detail: String,
        /// Set when a change was sent and may have been carried out: sending it again with this key tells.
        idempotency_key: Option<String>,
    },
    /// Something answered that is not a Claviger server, or not one that this client understands.
    #[error("{0}")]
    Unexpected(String),
    /// The client cannot be set up like this.
    #[error("{0}")]
    Settings(String),
    /// A file on this side failed.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        cause: io::Error,
    },
}

impl ClientError {
    /// The type of problem the server named, if it named one that is known.
    #[must_use]
    pub fn kind(&self) -> Option<ProblemKind> {
        match self {
            Self::Problem(problem) => ProblemKind::from_uri(&problem.kind),
            Self::Unreachable { .. } | Self::Unexpected(_) | Self::Settings(_) | Self::File { .. } => None,
        }
    }
}

/// What happened on the way, without what the client's library says of itself and of the address.
pub(super) fn on_the_way(error: &reqwest::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    causes.retain(|cause| !cause.starts_with("client error ("));
    if causes.is_empty() {
        return error.to_string();
    }
    causes.join(": ")
}

/// An error with all its causes, outermost first.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}
