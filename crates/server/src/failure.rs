//! `Failure`: every way in which a request does not do what was asked. `rest::problem` alone knows status codes.

use std::{error::Error, time::Duration};

use claviger_api::FieldError;
use claviger_domain::{Privilege, Revision};

/// Why a request was not carried out.
#[derive(Debug)]
pub enum Failure {
    /// Nobody is signed in, or the credentials do not hold.
    Unauthenticated(&'static str),
    /// The caller's role lacks a privilege.
    Lacks(Privilege),
    /// Forbidden for another reason, said in a sentence.
    Forbidden(&'static str),
    /// The session has to prove anew who it is.
    StepUpRequired,
    /// There is no such thing, or it is another tenant's.
    NotFound,
    /// The request is well-formed and wrong.
    Validation(Vec<FieldError>),
    /// The request cannot be read.
    Malformed(String),
    /// Somebody changed it meanwhile; the revision that stands, where it is known.
    Stale(Option<Revision>),
    /// The state refuses the command.
    Refused {
        /// The state.
        state: String,
        /// The command.
        command: String,
        /// Why, and the remedy.
        detail: String,
    },
    /// Two codes did not find a token again; why is not told.
    ResyncFailed,
    /// An expected count did not hold.
    Miscounted {
        /// What was expected.
        expected: u64,
        /// What was found.
        actual: u64,
    },
    /// It exists already; says what and in which state.
    Duplicate(String),
    /// More than a limit allows; says which.
    TooLarge(String),
    /// The content type is not the one named.
    UnsupportedMediaType(&'static str),
    /// Too many attempts.
    RateLimited(Duration),
    /// The server runs without its key-encryption key.
    Sealed,
    /// The server is overloaded, or stops.
    Unavailable(Duration),
    /// The request took too long.
    Timeout,
    /// The same request was carried out before: its answer, byte for byte.
    Replay(Stored),
    /// The store failed.
    Store(claviger_store::Error),
    /// Something failed that should not; the cause goes to the log.
    Internal(Box<dyn Error + Send + Sync>),
}

/// An answer kept for replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its HTTP status.
    pub status: u16,
    /// Its body, JSON.
    pub body: Vec<u8>,
}

impl Failure {
    /// One place in the request is wrong.
    #[must_use]
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Validation(vec![FieldError {
            pointer: pointer.into(),
            detail: detail.into(),
        }])
    }

    /// The state refuses the command.
    #[must_use]
    pub fn refused(state: impl Into<String>, command: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Refused {
            state: state.into(),
            command: command.into(),
            detail: detail.into(),
        }
    }

    /// Something failed that should not.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<claviger_store::Error> for Failure {
    fn from(error: claviger_store::Error) -> Self {
        if matches!(error, claviger_store::Error::Stale) {
            Self::Stale(None)
        } else {
            Self::Store(error)
        }
    }
}

impl From<crate::ports::NoEntropy> for Failure {
    fn from(error: crate::ports::NoEntropy) -> Self {
        Self::internal(error)
    }
}

impl From<crate::secrets::Unsealable> for Failure {
    fn from(error: crate::secrets::Unsealable) -> Self {
        if error == crate::secrets::Unsealable::Sealed {
            Self::Sealed
        } else {
            Self::internal(error)
        }
    }
}
