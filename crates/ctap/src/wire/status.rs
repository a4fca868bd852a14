//! Status bytes: CTAP §8.2.

use std::fmt;

macro_rules! statuses {
    ($($name:ident = $byte:literal, $text:literal;)*) => {
        /// What an authenticator answers in the first byte (CTAP §8.2).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Status {
            $(#[doc = concat!("`", $text, "`")] $name,)*
            /// A byte that the specification gives no name, such as those of vendors (0xF0–0xFF).
            Other(u8),
        }

        impl Status {
            /// Every status that has a name.
            pub const NAMED: &'static [Self] = &[$(Self::$name,)*];

            /// The byte on the wire.
            #[must_use]
            pub const fn byte(self) -> u8 {
                match self {
                    $(Self::$name => $byte,)*
                    Self::Other(byte) => byte,
                }
            }

            /// The specification's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(0xF0..=0xFF) => "CTAP2_ERR_VENDOR",
                    Self::Other(0xE0..=0xEF) => "CTAP2_ERR_EXTENSION",
                    Self::Other(_) => "a status without a name",
                }
            }
        }

        impl From<u8> for Status {
            fn from(byte: u8) -> Self {
                match byte {
                    $($byte => Self::$name,)*
                    other => Self::Other(other),
                }
            }
        }
    };
}

statuses! {
    Ok = 0x00, "CTAP2_OK";
    InvalidCommand = 0x01, "CTAP1_ERR_INVALID_COMMAND";
    InvalidParameter = 0x02, "CTAP1_ERR_INVALID_PARAMETER";
    InvalidLength = 0x03, "CTAP1_ERR_INVALID_LENGTH";
    InvalidSequence = 0x04, "CTAP1_ERR_INVALID_SEQ";
    Timeout = 0x05, "CTAP1_ERR_TIMEOUT";
    ChannelBusy = 0x06, "CTAP1_ERR_CHANNEL_BUSY";
    LockRequired = 0x0A, "CTAP1_ERR_LOCK_REQUIRED";
    InvalidChannel = 0x0B, "CTAP1_ERR_INVALID_CHANNEL";
    CborUnexpectedType = 0x11, "CTAP2_ERR_CBOR_UNEXPECTED_TYPE";
    InvalidCbor = 0x12, "CTAP2_ERR_INVALID_CBOR";
    MissingParameter = 0x14, "CTAP2_ERR_MISSING_PARAMETER";
    LimitExceeded = 0x15, "CTAP2_ERR_LIMIT_EXCEEDED";
    FingerprintDatabaseFull = 0x17, "CTAP2_ERR_FP_DATABASE_FULL";
    LargeBlobStorageFull = 0x18, "CTAP2_ERR_LARGE_BLOB_STORAGE_FULL";
    CredentialExcluded = 0x19, "CTAP2_ERR_CREDENTIAL_EXCLUDED";
    Processing = 0x21, "CTAP2_ERR_PROCESSING";
    InvalidCredential = 0x22, "CTAP2_ERR_INVALID_CREDENTIAL";
    UserActionPending = 0x23, "CTAP2_ERR_USER_ACTION_PENDING";
    OperationPending = 0x24, "CTAP2_ERR_OPERATION_PENDING";
    NoOperations = 0x25, "CTAP2_ERR_NO_OPERATIONS";
    UnsupportedAlgorithm = 0x26, "CTAP2_ERR_UNSUPPORTED_ALGORITHM";
    OperationDenied = 0x27, "CTAP2_ERR_OPERATION_DENIED";
    KeyStoreFull = 0x28, "CTAP2_ERR_KEY_STORE_FULL";
    UnsupportedOption = 0x2B, "CTAP2_ERR_UNSUPPORTED_OPTION";
    InvalidOption = 0x2C, "CTAP2_ERR_INVALID_OPTION";
    KeepaliveCancel = 0x2D, "CTAP2_ERR_KEEPALIVE_CANCEL";
    NoCredentials = 0x2E, "CTAP2_ERR_NO_CREDENTIALS";
    UserActionTimeout = 0x2F, "CTAP2_ERR_USER_ACTION_TIMEOUT";
    NotAllowed = 0x30, "CTAP2_ERR_NOT_ALLOWED";
    PinInvalid = 0x31, "CTAP2_ERR_PIN_INVALID";
    PinBlocked = 0x32, "CTAP2_ERR_PIN_BLOCKED";
    PinAuthInvalid = 0x33, "CTAP2_ERR_PIN_AUTH_INVALID";
    PinAuthBlocked = 0x34, "CTAP2_ERR_PIN_AUTH_BLOCKED";
    PinNotSet = 0x35, "CTAP2_ERR_PIN_NOT_SET";
    PuatRequired = 0x36, "CTAP2_ERR_PUAT_REQUIRED";
    PinPolicyViolation = 0x37, "CTAP2_ERR_PIN_POLICY_VIOLATION";
    RequestTooLarge = 0x39, "CTAP2_ERR_REQUEST_TOO_LARGE";
    ActionTimeout = 0x3A, "CTAP2_ERR_ACTION_TIMEOUT";
    UserPresenceRequired = 0x3B, "CTAP2_ERR_UP_REQUIRED";
    UvBlocked = 0x3C, "CTAP2_ERR_UV_BLOCKED";
    IntegrityFailure = 0x3D, "CTAP2_ERR_INTEGRITY_FAILURE";
    InvalidSubcommand = 0x3E, "CTAP2_ERR_INVALID_SUBCOMMAND";
    UvInvalid = 0x3F, "CTAP2_ERR_UV_INVALID";
    UnauthorizedPermission = 0x40, "CTAP2_ERR_UNAUTHORIZED_PERMISSION";
    OtherError = 0x7F, "CTAP1_ERR_OTHER";
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (0x{:02X})", self.name(), self.byte())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_and_no_two_share_one() {
        assert!((0..=u8::MAX).all(|byte| Status::from(byte).byte() == byte));
        assert!(
            Status::NAMED
                .iter()
                .all(|status| Status::from(status.byte()) == *status)
        );
    }

    #[test]
    fn a_status_says_its_name_and_byte() {
        assert_eq!(Status::PinAuthBlocked.to_string(), "CTAP2_ERR_PIN_AUTH_BLOCKED (0x34)");
        assert_eq!(Status::from(0xF1).to_string(), "CTAP2_ERR_VENDOR (0xF1)");
    }
}
