//! What `claviger-key` says with its exit code. A number means the same here and in `claviger`.

use claviger_workstation::{Failed, Trouble};

/// An exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Unexpected,
    Usage,
    Validation,
    WrongPin,
    Forbidden,
    NotFound,
    Refused,
    Duplicate,
    TooLarge,
    Unreachable,
    NotConfirmed,
    Locked,
    Replug,
    NoTouch,
    InUse,
    Malformed,
}

/// Every code but 0, with its name and meaning.
pub(crate) const ALL: &[(Exit, u8, &str, &str)] = &[
    (
        Exit::Unexpected,
        1,
        "unexpected",
        "Something else went wrong; the message says what.",
    ),
    (Exit::Usage, 2, "usage", "The command line is wrong: see `--help`."),
    (
        Exit::Validation,
        3,
        "validation",
        "The new PIN or a value does not fit the key's rules.",
    ),
    (
        Exit::WrongPin,
        4,
        "wrong-pin",
        "The PIN is wrong; the message says how many tries are left.",
    ),
    (
        Exit::Forbidden,
        5,
        "forbidden",
        "This user may not use the device node or the service for smart cards.",
    ),
    (
        Exit::NotFound,
        6,
        "not-found",
        "There is no such key, reader or credential, or it cannot be told which is meant.",
    ),
    (
        Exit::Refused,
        7,
        "refused",
        "The key's state or policy does not allow it, or it cannot do it.",
    ),
    (Exit::Duplicate, 8, "duplicate", "The key has a PIN already."),
    (Exit::TooLarge, 9, "too-large", "The key has no room left."),
    (
        Exit::Unreachable,
        12,
        "unreachable",
        "The key or reader is gone or silent, or the service for smart cards does not run.",
    ),
    (
        Exit::NotConfirmed,
        15,
        "not-confirmed",
        "The question was answered with no, nobody could be asked, it was declined at the key, or the key was told to stop.",
    ),
    (Exit::Locked, 16, "locked", "All tries for the PIN are used up."),
    (
        Exit::Replug,
        17,
        "replug",
        "The key takes no PIN, or no reset, before it was unplugged and plugged in again.",
    ),
    (Exit::NoTouch, 18, "no-touch", "Nobody touched the key in time."),
    (Exit::InUse, 19, "in-use", "Another program uses the key or its reader."),
    (
        Exit::Malformed,
        20,
        "malformed",
        "The key's answer breaks the protocol.",
    ),
];

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        ALL.iter()
            .find(|(exit, ..)| *exit == self)
            .map_or(1, |(_, code, ..)| *code)
    }

    /// The code for what went wrong with a key.
    pub(crate) const fn of(failed: &Failed) -> Self {
        match &failed.trouble {
            Trouble::NoKey
            | Trouble::NoReader { .. }
            | Trouble::EmptyReader { .. }
            | Trouble::NoSerial { .. }
            | Trouble::Several { .. }
            | Trouble::NotAKey { .. }
            | Trouble::AnotherKey
            | Trouble::NoSuchCredential => Self::NotFound,
            Trouble::NoCardService
            | Trouble::Gone { .. }
            | Trouble::ReaderGone { .. }
            | Trouble::Silent { .. }
            | Trouble::DoneUnread { .. } => Self::Unreachable,
            Trouble::NoPermission { .. } => Self::Forbidden,
            Trouble::InUse { .. } | Trouble::ReaderBusy { .. } | Trouble::Interrupted => Self::InUse,
            Trouble::Malformed { .. } => Self::Malformed,
            Trouble::Machine { .. } => Self::Unexpected,
            Trouble::WrongPin { .. } => Self::WrongPin,
            Trouble::PinBlocked { .. } => Self::Locked,
            Trouble::ReplugFirst { .. } | Trouble::TooLate | Trouble::NotReplugged => Self::Replug,
            Trouble::PinIsSet => Self::Duplicate,
            Trouble::UnfitPin { .. } | Trouble::UnfitLength { .. } => Self::Validation,
            Trouble::NoTouch => Self::NoTouch,
            Trouble::Denied | Trouble::Stopped => Self::NotConfirmed,
            Trouble::Full => Self::TooLarge,
            Trouble::NoPin
            | Trouble::ChangeDue
            | Trouble::PolicyForbids
            | Trouble::ForeignAdminSecret
            | Trouble::Unsupported { .. }
            | Trouble::Refused { .. } => Self::Refused,
        }
    }
}

/// The page shown by `claviger-key exit-codes`.
pub(crate) fn page() -> String {
    let mut page = String::from("Exit codes\n\n   0  ok             It was done.\n");
    for (_, code, name, meaning) in ALL {
        page.extend(["  ", &format!("{code:>2}  {name:<13}"), "  ", meaning, "\n"]);
    }
    page.push_str("\nA program that was interrupted ends as its shell defines, 130 after Ctrl-C. While a key works or waits for a touch,\nCtrl-C tells the key to stop and ends with 15.\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_its_own() {
        for (place, (exit, code, ..)) in ALL.iter().enumerate() {
            assert_eq!(exit.code(), *code);
            assert!(ALL.iter().skip(place + 1).all(|(_, other, ..)| other > code));
        }
    }
}
