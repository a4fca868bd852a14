//! What the client of CTAP2 says went wrong, as troubles.

use claviger_ctap::client::{Error, PinRefusal};

use super::{Stage, Trouble};
use crate::pin_state::WayOut;

impl Trouble {
    /// What an error of the client means at a stage.
    pub(crate) fn of_client(error: Error<Self>, stage: Stage) -> Self {
        match error {
            Error::Transport(trouble) => trouble,
            Error::Refused { status, .. } => Self::of_status(status.byte(), stage),
            Error::Pin(refusal) => refusal.into(),
            Error::Malformed { .. } | Error::Absurd { .. } => Self::Malformed {
                what: error.to_string(),
            },
            Error::Unsupported(what) => Self::Unsupported { what: what.to_owned() },
            Error::Unread(cause) => Self::DoneUnread {
                cause: Box::new(Self::of_client(*cause, Stage::Reading)),
            },
            Error::TooLong { .. } => Self::Machine {
                what: error.to_string(),
            },
        }
    }

    /// The same for a key that has this way out when it is locked.
    pub(crate) fn with(self, way: WayOut) -> Self {
        if let Self::WrongPin { left, .. } = self {
            Self::WrongPin { left, way }
        } else if let Self::PinBlocked { .. } = self {
            Self::PinBlocked { way }
        } else {
            self
        }
    }
}

impl From<PinRefusal> for Trouble {
    fn from(refusal: PinRefusal) -> Self {
        let few = |left: Option<u32>| left.map(|left| u8::try_from(left).unwrap_or(u8::MAX));
        match refusal {
            PinRefusal::Wrong(left) => Self::WrongPin {
                left: few(left),
                way: WayOut::default(),
            },
            PinRefusal::PowerCycle(left) => Self::ReplugFirst { left: few(left) },
            PinRefusal::Blocked => Self::PinBlocked { way: WayOut::default() },
            PinRefusal::NotSet => Self::NoPin,
            PinRefusal::AlreadySet => Self::PinIsSet,
            PinRefusal::ChangeForced => Self::ChangeDue,
            PinRefusal::TooShort(_) | PinRefusal::TooLong(_) | PinRefusal::Policy => Self::UnfitPin {
                why: refusal.to_string(),
            },
        }
    }
}
