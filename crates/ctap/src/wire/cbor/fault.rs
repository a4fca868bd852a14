//! What is wrong with a message.

use crate::wire::Status;

/// Why bytes are no message. Says where, never repeats what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not CBOR, cut short, or a kind of value that CTAP2 does not have.
    #[error("no CBOR of CTAP2 at byte {at}: {what}")]
    Syntax {
        /// Counted from 0.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
    /// A map out of order, or a number or length that could be shorter (CTAP §8).
    #[error("the CBOR is not in canonical form")]
    NotCanonical,
    /// Lists and maps inside each other, over the limit.
    #[error("nested more than {0} levels deep")]
    TooDeep(usize),
    /// More bytes than a message can have.
    #[error("{0} bytes are more than a message has")]
    TooLong(usize),
    /// A member that has to be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A member of another type.
    #[error("{member} is not {wanted}")]
    Kind {
        /// Its name in the specification.
        member: &'static str,
        /// What it should be.
        wanted: &'static str,
    },
    /// A member of the right type, but a value that cannot be.
    #[error("{member} {what}")]
    Unfit {
        /// Its name in the specification.
        member: &'static str,
        /// What about it cannot be.
        what: &'static str,
    },
}

impl Fault {
    /// What an authenticator answers to a request with this fault (CTAP §8.2).
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Syntax { .. } | Self::NotCanonical | Self::TooDeep(_) => Status::InvalidCbor,
            Self::TooLong(_) => Status::RequestTooLarge,
            Self::Missing(_) => Status::MissingParameter,
            Self::Kind { .. } => Status::CborUnexpectedType,
            Self::Unfit { .. } => Status::InvalidParameter,
        }
    }
}
