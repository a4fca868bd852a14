//! What can go wrong between a program and a key, as facts; the words for people stand in `words`.

mod client;
mod status;
mod words;

use crate::pin_state::WayOut;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No key is connected.
    NoKey,
    /// There is no reader or device of this name.
    NoReader {
        /// The name that was asked for.
        name: String,
    },
    /// A reader is there and nothing is in it.
    EmptyReader {
        /// The reader.
        name: String,
    },
    /// No connected key has this serial number.
    NoSerial {
        /// The serial number that was asked for.
        serial: String,
    },
    /// Several keys are connected and none was chosen.
    Several {
        /// Their places.
        places: Vec<String>,
    },
    /// The system's service for smart cards does not run.
    NoCardService,
    /// This user may not talk to the device or the service.
    NoPermission {
        /// The device node, or the service.
        what: String,
        /// Whether it is the service for smart cards.
        card_service: bool,
    },
    /// Another program of ours holds the key.
    InUse {
        /// The place.
        place: String,
        /// Who, as far as it is known.
        by: Option<String>,
    },
    /// Another program holds the reader for itself, or would be disturbed.
    ReaderBusy {
        /// The reader.
        name: String,
    },
    /// What is in the reader is not a security key, or does not answer as one.
    NotAKey {
        /// The place.
        place: String,
    },
    /// The key was taken out.
    Gone {
        /// The place.
        place: String,
    },
    /// The reader was unplugged.
    ReaderGone {
        /// The reader.
        name: String,
    },
    /// The key gives no answer.
    Silent {
        /// The place.
        place: String,
    },
    /// Another program reset the key or its connection in the middle.
    Interrupted,
    /// The person stopped it.
    Stopped,
    /// The answer cannot be read.
    Malformed {
        /// What about it.
        what: String,
    },
    /// Something on this machine failed.
    Machine {
        /// What.
        what: String,
    },
    /// What was asked for was done; only reading the key afterwards failed.
    DoneUnread {
        /// What went wrong then.
        cause: Box<Self>,
    },
    /// The PIN was wrong.
    WrongPin {
        /// The tries that are left, if the key told.
        left: Option<u8>,
        /// What could be done if none were left.
        way: WayOut,
    },
    /// No tries are left.
    PinBlocked {
        /// What can be done.
        way: WayOut,
    },
    /// Three wrong PINs in a row: the key wants to be unplugged first.
    ReplugFirst {
        /// The tries that are left, if the key told.
        left: Option<u8>,
    },
    /// The key has no PIN.
    NoPin,
    /// The key has a PIN already.
    PinIsSet,
    /// The new PIN does not fit the key's rules.
    UnfitPin {
        /// What about it.
        why: String,
    },
    /// A minimum length of PINs only grows.
    UnfitLength {
        /// What it is now.
        now: u32,
    },
    /// The PIN must be changed before anything else.
    ChangeDue,
    /// Nobody touched the key in time.
    NoTouch,
    /// The person at the key, or its policy, said no.
    Denied,
    /// More than ten seconds passed since the key was plugged in.
    TooLate,
    /// Nobody unplugged the key, or plugged it in again.
    NotReplugged,
    /// What was plugged in again is another key.
    AnotherKey,
    /// The policy that the organisation wrote to the key forbids it.
    PolicyForbids,
    /// The key was reset or given a PIN by something that holds an admin secret of somebody else.
    ForeignAdminSecret,
    /// This key cannot do it.
    Unsupported {
        /// What.
        what: String,
    },
    /// There is no such credential on the key.
    NoSuchCredential,
    /// The key has no room left.
    Full,
    /// Any other refusal, by its CTAP status code.
    Refused {
        /// The status byte.
        status: u8,
    },
}

/// What was being done: it decides what can be said of the key afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking for a key, or reading from it.
    Reading,
    /// Proving the PIN.
    ProvingPin,
    /// Setting the first PIN.
    SettingPin,
    /// Changing the PIN.
    ChangingPin,
    /// Writing a setting.
    Configuring,
    /// Deleting a credential.
    Deleting,
    /// Resetting the key, once it was asked to.
    Resetting,
}

/// Something went wrong at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What went wrong.
    pub trouble: Trouble,
    /// What was being done.
    pub stage: Stage,
}

impl Stage {
    /// A trouble at this stage.
    #[must_use]
    pub const fn failed(self, trouble: Trouble) -> Failed {
        Failed { trouble, stage: self }
    }
}

impl Trouble {
    /// Whether the connection broke, so that nobody knows whether the last order was carried out.
    #[must_use]
    pub const fn leaves_doubt(&self) -> bool {
        matches!(
            self,
            Self::Gone { .. }
                | Self::ReaderGone { .. }
                | Self::Silent { .. }
                | Self::NoCardService
                | Self::Interrupted
                | Self::Malformed { .. }
                | Self::Machine { .. }
        )
    }
}
