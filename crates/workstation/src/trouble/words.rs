//! The words for every trouble: what happened, what state the key is in, what to do next. Each is a whole sentence.

use std::fmt;

use super::{Failed, Stage, Trouble};
use crate::pin_state::{WayOut, tries};

impl Failed {
    /// What happened.
    #[must_use]
    pub fn what(&self) -> String {
        match &self.trouble {
            Trouble::NoKey => "No security key is connected.".to_owned(),
            Trouble::NoReader { name } => format!("There is no reader or device named “{name}”."),
            Trouble::EmptyReader { name } => format!("Nothing is in the reader “{name}”."),
            Trouble::NoSerial { serial } => format!("No connected key tells the serial number {serial}."),
            Trouble::Several { places } => format!("{} keys are connected: {}.", places.len(), places.join(", ")),
            Trouble::NoCardService => "The service for smart cards does not run.".to_owned(),
            Trouble::NoPermission { what, .. } => format!("This user may not use {what}."),
            Trouble::InUse { place, by } => match by {
                Some(by) => format!("The key at {place} is in use by {by}."),
                None => format!("The key at {place} is in use by another program of ours."),
            },
            Trouble::ReaderBusy { name } => format!("Another program uses the reader “{name}”."),
            Trouble::NotAKey { place } => format!("What is in “{place}” does not answer as a FIDO2 security key."),
            Trouble::Gone { place } => format!("The key at {place} was taken out."),
            Trouble::ReaderGone { name } => format!("The reader “{name}” was unplugged."),
            Trouble::Silent { place } => format!("The key at {place} stopped answering."),
            Trouble::Interrupted => "Another program reset the key in the middle.".to_owned(),
            Trouble::Stopped => "It was stopped by Ctrl-C.".to_owned(),
            Trouble::Malformed { what } => format!("The key gave an answer that breaks the protocol: {what}."),
            Trouble::Machine { what } => format!("This machine could not do its part: {what}."),
            Trouble::DoneUnread { cause } => format!("The key could not be read after it had done it: {cause}"),
            Trouble::WrongPin { .. } => "The PIN is wrong.".to_owned(),
            Trouble::PinBlocked { .. } => "The key is locked: all tries for its PIN are used up.".to_owned(),
            Trouble::ReplugFirst { .. } => {
                "Three wrong PINs in a row: the key takes no more before it is unplugged.".to_owned()
            }
            Trouble::NoPin => "The key has no PIN.".to_owned(),
            Trouble::PinIsSet => "The key has a PIN already.".to_owned(),
            Trouble::UnfitPin { why } => format!("The new PIN does not fit: {why}."),
            Trouble::UnfitLength { now } => format!("The minimum length of PINs is {now} and only ever grows."),
            Trouble::ChangeDue => "The PIN must be changed before the key does anything else with it.".to_owned(),
            Trouble::NoTouch => "Nobody touched the key in time.".to_owned(),
            Trouble::Denied => "It was declined at the key.".to_owned(),
            Trouble::TooLate => "The key takes a reset only within 10 seconds after it was plugged in.".to_owned(),
            Trouble::NotReplugged => "The key was not taken out and put back in time.".to_owned(),
            Trouble::AnotherKey => "What was put in is another key.".to_owned(),
            Trouble::PolicyForbids => match self.stage {
                Stage::Resetting => {
                    "The key refuses: it was declined at the key, or its organisation switched resets off.".to_owned()
                }
                Stage::Reading
                | Stage::ProvingPin
                | Stage::SettingPin
                | Stage::ChangingPin
                | Stage::Configuring
                | Stage::Deleting => {
                    "The key refuses: the policy that its organisation wrote to it would become weaker.".to_owned()
                }
            },
            Trouble::ForeignAdminSecret => {
                "The key is managed with an admin secret that is not the expected one.".to_owned()
            }
            Trouble::Unsupported { what } => format!("This key does not know {what}."),
            Trouble::NoSuchCredential => "There is no such credential on the key.".to_owned(),
            Trouble::Full => "The key has no room left.".to_owned(),
            Trouble::Refused { status } => format!("The key refused with CTAP status 0x{status:02X}."),
        }
    }

    /// What state the key is in.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not named leaves the key as it was"
    )]
    #[must_use]
    pub fn state(&self) -> String {
        match &self.trouble {
            Trouble::WrongPin { left, .. } => match left {
                Some(left) => format!("{}. Nothing was changed.", tries(*left)),
                None => "One try fewer is left. Nothing was changed.".to_owned(),
            },
            Trouble::PinBlocked { .. } => "Its credentials are still on it and cannot be used with a PIN.".to_owned(),
            Trouble::ReplugFirst { left } => match left {
                Some(left) => format!(
                    "It is not locked: {} once it was unplugged.",
                    tries(*left).to_lowercase()
                ),
                None => "It is not locked yet. Nothing was changed.".to_owned(),
            },
            Trouble::DoneUnread { .. } => "It was done; only reading the key afterwards failed.".to_owned(),
            Trouble::Stopped => "The key was told to stop; nothing was changed.".to_owned(),
            Trouble::ForeignAdminSecret => {
                "It works for its user; whoever holds the other secret can administer it.".to_owned()
            }
            Trouble::PinIsSet => "The PIN that it has is unchanged.".to_owned(),
            trouble if trouble.leaves_doubt() => self.stage.doubt().to_owned(),
            _ => "Nothing was changed.".to_owned(),
        }
    }

    /// What can be done next.
    #[must_use]
    pub fn next(&self) -> String {
        match &self.trouble {
            Trouble::NoKey => "Plug a key in, or lay one on a reader; `claviger-key list --all` shows what is connected.",
            Trouble::NoReader { .. } => "`claviger-key list --all` shows the names.",
            Trouble::EmptyReader { .. } => "Put the key in, or lay it on the reader.",
            Trouble::NoSerial { .. } => "`claviger-key list` shows the serial numbers. A key that tells none is chosen with --reader.",
            Trouble::Several { .. } => "Choose one with --serial or --reader.",
            Trouble::NoCardService => "Start it, on Linux with `systemctl start pcscd.socket` (package pcscd). USB keys work without it.",
            Trouble::NoPermission { card_service: true, .. } => {
                "Ask the administrator of this machine: its polkit rules decide who may use smart cards."
            }
            Trouble::NoPermission { .. } => {
                "Install the udev rule of docs/claviger-key.md, then unplug the key and plug it in again."
            }
            Trouble::InUse { .. } => "Wait until the other program has finished, or end it.",
            Trouble::ReaderBusy { .. } => "Close the program that uses it (a browser, gpg's scdaemon), or repeat with --shared.",
            Trouble::NotAKey { .. } => "Put a FIDO2 security key in; other smart cards are not for this program.",
            Trouble::ReaderGone { .. } => "Plug the reader in again, then look at the key with `claviger-key info`.",
            Trouble::Gone { .. } | Trouble::Silent { .. } => {
                "Unplug the key, plug it in again, and look at it with `claviger-key info`."
            }
            Trouble::Interrupted | Trouble::Stopped => "Run the command again.",
            Trouble::Malformed { .. } => {
                "Unplug the key and try again. If it happens again, the key is defective or not what it claims to be: do not use it."
            }
            Trouble::Machine { .. } => "Mend what the message names and run the command again.",
            Trouble::DoneUnread { .. } => {
                "Do not repeat it. Unplug the key, plug it in again, and look at it with `claviger-key info`."
            }
            Trouble::WrongPin { left: Some(0), way } | Trouble::PinBlocked { way } => way.next(),
            Trouble::WrongPin { .. } => "Try again. If the PIN is forgotten, stop here: the key locks itself when no tries are left.",
            Trouble::ReplugFirst { .. } => "Unplug the key (or take it off the reader), put it back, and try again.",
            Trouble::NoPin => "Set one with `claviger-key pin set`.",
            Trouble::PinIsSet => "Change it with `claviger-key pin change`. If it is forgotten, `claviger-key info` says what is possible.",
            Trouble::UnfitPin { .. } => "Choose another PIN; `claviger-key info` shows the rules.",
            Trouble::UnfitLength { .. } => "Ask for a greater length; a reset alone makes it smaller.",
            Trouble::ChangeDue => "Change it with `claviger-key pin change`.",
            Trouble::NoTouch => "Run the command again and touch the key when it blinks.",
            Trouble::Denied => "Run the command again and agree at the key.",
            Trouble::TooLate => "Run `claviger-key reset` again and touch the key right after plugging it in.",
            Trouble::NotReplugged => "Run the command again and follow its steps.",
            Trouble::AnotherKey => "Run the command again with the one key that is meant.",
            Trouble::PolicyForbids => "Ask your organisation; it can change the policy of its keys.",
            Trouble::ForeignAdminSecret => "Do not hand it out. The one who manages it can release it; otherwise it stays as it is.",
            Trouble::Unsupported { .. } => "`claviger-key info` shows what the key can do.",
            Trouble::NoSuchCredential => "`claviger-key credentials list` shows those that are there.",
            Trouble::Full => "Delete a credential that is no longer needed with `claviger-key credentials delete`.",
            Trouble::Refused { .. } => "`claviger-key info` shows the state of the key.",
        }
        .to_owned()
    }
}

impl Stage {
    /// What can be said of the key when the connection broke at this stage.
    const fn doubt(self) -> &'static str {
        match self {
            Self::Reading => "Nothing was changed.",
            Self::ProvingPin => "Nothing was changed, but a try for the PIN may have been counted.",
            Self::SettingPin => "It has either no PIN, as before, or the new one.",
            Self::ChangingPin => "It has either the old PIN or the new one; a try may have been counted.",
            Self::Configuring => "The setting is either as it was or as you asked for.",
            Self::Deleting => "The credential is either still there or deleted; no other was touched.",
            Self::Resetting => "It was either reset in full or not at all.",
        }
    }
}

impl WayOut {
    /// What can be done with a locked key.
    #[must_use]
    pub const fn next(self) -> &'static str {
        match self {
            Self::Organisation => {
                "Your organisation can unlock it, and nothing on it is lost: call the help desk and say the Device ID."
            }
            Self::OrganisationAtDesk => {
                "Take it to your organisation's desk: its tries for remote unlocking are used up, an administrator with the key in hand can still do it."
            }
            Self::Reset => {
                "Nobody can unlock it: no organisation manages this key. Only `claviger-key reset` makes it usable again, and every credential on it is lost."
            }
            Self::Unknown => {
                "If an organisation gave you this key, ask it first: it may be able to unlock it, and nothing on it is lost. If none did, only a reset helps, and every credential on it is lost."
            }
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())
    }
}

impl std::error::Error for Failed {}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Stage::Reading.failed(self.clone()).fmt(f)
    }
}

impl std::error::Error for Trouble {}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> String {
        "Reader 00".to_owned()
    }

    /// One of each.
    fn all() -> Vec<Trouble> {
        let name = place;
        let way = WayOut::Organisation;
        vec![
            Trouble::NoKey,
            Trouble::NoReader { name: name() },
            Trouble::EmptyReader { name: name() },
            Trouble::NoSerial {
                serial: "4711".to_owned(),
            },
            Trouble::Several {
                places: vec![place(), "/dev/hidraw0".to_owned()],
            },
            Trouble::NoCardService,
            Trouble::NoPermission {
                what: "/dev/hidraw0".to_owned(),
                card_service: false,
            },
            Trouble::NoPermission {
                what: "the service for smart cards".to_owned(),
                card_service: true,
            },
            Trouble::InUse {
                place: place(),
                by: Some("claviger-key, process 7".to_owned()),
            },
            Trouble::InUse {
                place: place(),
                by: None,
            },
            Trouble::ReaderBusy { name: name() },
            Trouble::NotAKey { place: place() },
            Trouble::Gone { place: place() },
            Trouble::ReaderGone { name: name() },
            Trouble::Silent { place: place() },
            Trouble::Interrupted,
            Trouble::Stopped,
            Trouble::Malformed {
                what: "keyAgreement (0x01) is missing".to_owned(),
            },
            Trouble::Machine {
                what: "the lock cannot be opened".to_owned(),
            },
            Trouble::DoneUnread {
                cause: Box::new(Trouble::Gone { place: place() }),
            },
            Trouble::WrongPin { left: Some(5), way },
            Trouble::WrongPin { left: Some(1), way },
            Trouble::WrongPin { left: None, way },
            Trouble::PinBlocked { way },
            Trouble::PinBlocked {
                way: WayOut::OrganisationAtDesk,
            },
            Trouble::PinBlocked { way: WayOut::Reset },
            Trouble::PinBlocked { way: WayOut::Unknown },
            Trouble::ReplugFirst { left: Some(5) },
            Trouble::ReplugFirst { left: None },
            Trouble::NoPin,
            Trouble::PinIsSet,
            Trouble::UnfitPin {
                why: "the PIN has fewer than 6 characters".to_owned(),
            },
            Trouble::UnfitLength { now: 8 },
            Trouble::ChangeDue,
            Trouble::NoTouch,
            Trouble::Denied,
            Trouble::TooLate,
            Trouble::NotReplugged,
            Trouble::AnotherKey,
            Trouble::PolicyForbids,
            Trouble::ForeignAdminSecret,
            Trouble::Unsupported {
                what: "setting a PIN".to_owned(),
            },
            Trouble::NoSuchCredential,
            Trouble::Full,
            Trouble::Refused { status: 0x7F },
        ]
    }

    const STAGES: [Stage; 7] = [
        Stage::Reading,
        Stage::ProvingPin,
        Stage::SettingPin,
        Stage::ChangingPin,
        Stage::Configuring,
        Stage::Deleting,
        Stage::Resetting,
    ];

    fn said(failed: &Failed) -> String {
        format!(
            "{}\n  State: {}\n  Next:  {}\n",
            failed.what(),
            failed.state(),
            failed.next()
        )
    }

    #[test]
    fn every_trouble_says_what_happened_what_state_the_key_is_in_and_what_to_do() {
        let page: Vec<String> = all()
            .into_iter()
            .map(|trouble| said(&Stage::Configuring.failed(trouble)))
            .collect();
        insta::assert_snapshot!(page.join("\n"));
    }

    #[test]
    fn a_key_that_was_taken_out_is_in_a_state_that_depends_on_what_was_being_done() {
        let page: Vec<String> = STAGES
            .into_iter()
            .map(|stage| format!("{stage:?}: {}", stage.failed(Trouble::Gone { place: place() }).state()))
            .collect();
        insta::assert_snapshot!(page.join("\n"));
    }

    #[test]
    fn every_status_of_a_key_becomes_words_at_every_stage() {
        let mut page = String::new();
        for stage in STAGES {
            for status in 1..=u8::MAX {
                let failed = stage.failed(Trouble::of_status(status, stage));
                assert!(failed.what().ends_with(['.', '!']), "{status:02X} {stage:?}");
                let named = !matches!(failed.trouble, Trouble::Refused { .. });
                if named {
                    page.extend([format!("{stage:?} 0x{status:02X}: {}\n", failed.what())]);
                }
            }
        }
        insta::assert_snapshot!(page);
    }
}
