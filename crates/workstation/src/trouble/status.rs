//! CTAP status codes as troubles (CTAP 2.1 §6.3), by what was being done.

use super::{Stage, Trouble};
use crate::pin_state::WayOut;

impl Trouble {
    /// What a status other than success means at a stage.
    #[must_use]
    pub fn of_status(status: u8, stage: Stage) -> Self {
        match status {
            0x01 | 0x2B | 0x3E => Self::Unsupported {
                what: stage.order().to_owned(),
            },
            0x27 => match stage {
                Stage::Resetting | Stage::Configuring => Self::PolicyForbids,
                Stage::Reading | Stage::ProvingPin | Stage::SettingPin | Stage::ChangingPin | Stage::Deleting => {
                    Self::Denied
                }
            },
            0x2D => Self::Denied,
            0x2E => Self::NoSuchCredential,
            0x28 => Self::Full,
            0x05 | 0x2F | 0x3A => Self::NoTouch,
            0x30 if stage == Stage::Resetting => Self::TooLate,
            0x31 => Self::WrongPin {
                left: None,
                way: WayOut::default(),
            },
            0x32 => Self::PinBlocked { way: WayOut::default() },
            0x33 => match stage {
                Stage::SettingPin => Self::PinIsSet,
                Stage::Reading
                | Stage::ProvingPin
                | Stage::ChangingPin
                | Stage::Configuring
                | Stage::Deleting
                | Stage::Resetting => Self::Refused { status },
            },
            0x34 => Self::ReplugFirst { left: None },
            0x35 => Self::NoPin,
            0x37 => match stage {
                Stage::SettingPin | Stage::ChangingPin => Self::UnfitPin {
                    why: "the key says that it breaks its rules, which can be a minimum length, a blocklist, or a PIN \
                          that is the same as before"
                        .to_owned(),
                },
                Stage::Configuring => Self::Refused { status },
                Stage::Reading | Stage::ProvingPin | Stage::Deleting | Stage::Resetting => Self::ChangeDue,
            },
            status => Self::Refused { status },
        }
    }
}

impl Stage {
    /// What was asked of the key.
    pub(super) const fn order(self) -> &'static str {
        match self {
            Self::Reading => "what it was asked for",
            Self::ProvingPin => "a PIN",
            Self::SettingPin => "setting a PIN",
            Self::ChangingPin => "changing the PIN",
            Self::Configuring => "this setting",
            Self::Deleting => "deleting a credential",
            Self::Resetting => "a reset over this connection",
        }
    }
}
