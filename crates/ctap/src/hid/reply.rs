//! What a device can say to a message (CTAP §11.2.9).

use super::{Command, Message};

/// What a device says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The answer to a message of CTAP2: status and body.
    Cbor(Vec<u8>),
    /// It is still at it.
    Keepalive(Keepalive),
    /// The transport refuses.
    Error(TransportError),
    /// Something else.
    Other(Message),
}

impl From<Message> for Reply {
    fn from(message: Message) -> Self {
        match (message.command, message.payload.first()) {
            (Command::Cbor, _) => Self::Cbor(message.payload),
            (Command::Keepalive, Some(state)) => Self::Keepalive((*state).into()),
            (Command::Error, code) => Self::Error(code.copied().unwrap_or(0x7F).into()),
            _ => Self::Other(message),
        }
    }
}

/// What a device waits for (CTAP §11.2.9.1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keepalive {
    /// 1: it works.
    Processing,
    /// 2: it waits for a touch.
    UserPresenceNeeded,
    /// Any other.
    Other(u8),
}

impl Keepalive {
    /// The byte on the wire.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Processing => 1,
            Self::UserPresenceNeeded => 2,
            Self::Other(state) => state,
        }
    }
}

impl From<u8> for Keepalive {
    fn from(state: u8) -> Self {
        match state {
            1 => Self::Processing,
            2 => Self::UserPresenceNeeded,
            other => Self::Other(other),
        }
    }
}

macro_rules! errors {
    ($($name:ident = $byte:literal, $text:literal;)*) => {
        /// Why the transport refuses (CTAP §11.2.9.1.6).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        pub enum TransportError {
            $(#[doc = $text] #[error($text)] $name,)*
            /// Any other.
            #[error("the device refuses with CTAPHID error 0x{0:02X}")]
            Other(u8),
        }

        impl TransportError {
            /// The byte on the wire.
            #[must_use]
            pub const fn byte(self) -> u8 {
                match self {
                    $(Self::$name => $byte,)*
                    Self::Other(byte) => byte,
                }
            }
        }

        impl From<u8> for TransportError {
            fn from(byte: u8) -> Self {
                match byte {
                    $($byte => Self::$name,)*
                    other => Self::Other(other),
                }
            }
        }
    };
}

errors! {
    InvalidCommand = 0x01, "the device does not know the CTAPHID command";
    InvalidParameter = 0x02, "the CTAPHID command has a parameter that cannot be";
    InvalidLength = 0x03, "the CTAPHID message has a length that cannot be";
    InvalidSequence = 0x04, "a CTAPHID packet came out of turn";
    Timeout = 0x05, "the CTAPHID message was not finished in time";
    ChannelBusy = 0x06, "the device serves another program";
    LockRequired = 0x0A, "the CTAPHID command needs a lock";
    InvalidChannel = 0x0B, "the CTAPHID channel does not exist";
}
