//! The first byte of every answer.

use std::fmt;

/// Declares the codes once: their name, their byte and what they say.
macro_rules! status_codes {
    ($($(#[$about:meta])* $name:ident = $code:literal, $said:literal;)*) => {
        /// What a key says first: whether it did it, or why not. The names are CTAP's (§8.2) where it has them.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum StatusCode {
            $($(#[$about])* $name,)*
            /// A code that this protocol gives no meaning.
            Other(u8),
        }

        impl StatusCode {
            /// The byte on the wire.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }

            /// The status of a byte.
            #[must_use]
            pub const fn of_code(code: u8) -> Self {
                match code {
                    $($code => Self::$name,)*
                    other => Self::Other(other),
                }
            }

            const fn said(self) -> &'static str {
                match self {
                    $(Self::$name => $said,)*
                    Self::Other(_) => "a status without meaning in this protocol",
                }
            }
        }
    };
}

status_codes! {
    /// It was done.
    Success = 0x00, "done";
    /// The request is not of this protocol, or does not parse.
    InvalidCommand = 0x01, "the key does not know the command";
    /// A parameter is not what it must be, or the PIN/UV protocol is not the second.
    InvalidParameter = 0x02, "the key does not take a parameter";
    /// The request is not canonical CBOR.
    InvalidCbor = 0x12, "the request is not canonical CBOR";
    /// A parameter is missing.
    MissingParameter = 0x14, "a parameter is missing";
    /// Touch was refused, or the policy forbids it.
    OperationDenied = 0x27, "refused at the key, or by its policy";
    /// The caller cancelled while the key waited for touch.
    KeepaliveCancel = 0x2D, "cancelled";
    /// Nobody touched the key.
    UserActionTimeout = 0x2F, "nobody touched the key in time";
    /// Not in this state.
    NotAllowed = 0x30, "not in the state that the key is in";
    /// The admin PIN is wrong.
    PinInvalid = 0x31, "the PIN is wrong";
    /// No tries are left.
    PinBlocked = 0x32, "no tries are left";
    /// The authentication does not verify.
    PinAuthInvalid = 0x33, "the authentication does not fit";
    /// Three failures since power-up.
    PinAuthBlocked = 0x34, "three failures: unplug the key and plug it in again";
    /// The new PIN is too short, too long, or refused by the policy.
    PinPolicyViolation = 0x37, "the new PIN is not one that the policy allows";
    /// There is no such subcommand.
    InvalidSubcommand = 0x3E, "the key does not know the subcommand";
    /// The tries of the management key are used up.
    AdminBlocked = 0xF0, "the tries of the management key are used up";
    /// The response is not the answer to the pending challenge.
    WrongResponse = 0xF1, "the response is not the answer to the challenge";
    /// No challenge is pending for the operation.
    NoChallenge = 0xF2, "no challenge is pending";
}

impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (0x{:02X})", self.said(), self.code())
    }
}
