//! Why a message is not one, and what a key answers to it.

use super::StatusCode;

/// What is wrong with a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MessageFault {
    /// It is cut off, goes on after its end, or is no map.
    #[error("the message is no CBOR map, or not a whole one")]
    Unreadable,
    /// It is CBOR, but not in the one form that CTAP allows.
    #[error("the message is not canonical CBOR")]
    NotCanonical,
    /// It is not of this protocol.
    #[error("the message is not of the managed-key protocol")]
    Magic,
    /// There is no such subcommand.
    #[error("the subcommand is not known")]
    SubCommand,
    /// Something that must be there is not.
    #[error("the message lacks field {0}")]
    Missing(u8),
    /// Something has the wrong type, length or value, or is not known.
    #[error("field {0} of the message is not what it must be")]
    Invalid(u8),
}

impl MessageFault {
    /// The status with which a key refuses such a request.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Unreadable | Self::Magic => StatusCode::InvalidCommand,
            Self::NotCanonical => StatusCode::InvalidCbor,
            Self::SubCommand => StatusCode::InvalidSubcommand,
            Self::Missing(_) => StatusCode::MissingParameter,
            Self::Invalid(_) => StatusCode::InvalidParameter,
        }
    }
}
