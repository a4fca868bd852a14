//! What the state of a key's PIN means for the person who holds it.

use serde::Serialize;

/// What can be done when a key is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WayOut {
    /// The organisation that manages it unlocks it from afar or at its desk.
    Organisation,
    /// The organisation's tries from afar are used up (managed-key protocol §3, state 2).
    OrganisationAtDesk,
    /// Only a reset, which destroys the credentials.
    Reset,
    /// It was not asked, or did not tell.
    #[default]
    Unknown,
}

/// What the key says of its PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinFacts {
    /// getInfo option `clientPin`: whether a PIN is set; absent when the key knows no PIN.
    pub client_pin: Option<bool>,
    /// The tries that are left.
    pub left: Option<u8>,
    /// Whether the key wants to be unplugged first.
    pub power_cycle: bool,
    /// Whether the PIN must be changed.
    pub change_due: bool,
}

/// The state of a key's PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PinState {
    /// The key knows no PIN.
    Unsupported,
    /// No PIN is set.
    NotSet,
    /// It can be used.
    Ready {
        /// The tries that are left.
        tries_left: Option<u8>,
    },
    /// It can be used to change it, and for nothing else.
    ChangeDue {
        /// The tries that are left.
        tries_left: Option<u8>,
    },
    /// Three wrong PINs in a row: not before the key was unplugged.
    Replug {
        /// The tries that are left.
        tries_left: Option<u8>,
    },
    /// No tries are left.
    Locked,
}

/// The tries that a key gives at first (CTAP 2.1 §6.5.2.3).
const ALL_TRIES: u8 = 8;

impl PinState {
    /// The state that these facts make. No tries left weigh more than the wish to be unplugged, which would not help.
    #[must_use]
    pub fn of(facts: PinFacts) -> Self {
        let tries_left = facts.left;
        match facts.client_pin {
            None => Self::Unsupported,
            Some(false) => Self::NotSet,
            Some(true) if tries_left == Some(0) => Self::Locked,
            Some(true) if facts.power_cycle => Self::Replug { tries_left },
            Some(true) if facts.change_due => Self::ChangeDue { tries_left },
            Some(true) => Self::Ready { tries_left },
        }
    }

    /// One word for a list.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Unsupported => "no PIN possible".to_owned(),
            Self::NotSet => "no PIN".to_owned(),
            Self::Ready {
                tries_left: None | Some(ALL_TRIES),
            } => "ready".to_owned(),
            Self::Ready { tries_left: Some(left) } => format!("ready, {}", tries(left).to_lowercase()),
            Self::ChangeDue { .. } => "change due".to_owned(),
            Self::Replug { .. } => "replug".to_owned(),
            Self::Locked => "locked".to_owned(),
        }
    }

    /// What it means and what to do, in plain words.
    #[must_use]
    pub fn meaning(self, way: WayOut) -> String {
        match self {
            Self::Unsupported => "This key cannot have a PIN.".to_owned(),
            Self::NotSet => "No PIN is set. `claviger-key pin set` sets one.".to_owned(),
            Self::Ready { tries_left: None } => "A PIN is set.".to_owned(),
            Self::Ready { tries_left: Some(left) } if left >= ALL_TRIES => {
                format!("Not locked. {}.", tries(left))
            }
            Self::Ready { tries_left: Some(1) } => {
                "Not locked, 1 try left: one more wrong PIN locks the key. The right PIN brings all tries back."
                    .to_owned()
            }
            Self::Ready { tries_left: Some(left) } => {
                format!("Not locked. {}; the right PIN brings all tries back.", tries(left))
            }
            Self::ChangeDue { .. } => {
                "The PIN must be changed before the key does anything else with it: `claviger-key pin change`."
                    .to_owned()
            }
            Self::Replug { tries_left } => {
                let left = tries_left
                    .map(|left| format!(" {} then.", tries(left)))
                    .unwrap_or_default();
                format!("Not locked. Unplug the key and plug it in again: it takes no PIN before.{left}")
            }
            Self::Locked => format!("Locked: all tries for the PIN are used up. {}", way.next()),
        }
    }
}

/// “5 tries are left”.
#[must_use]
pub(crate) fn tries(left: u8) -> String {
    match left {
        0 => "No tries are left".to_owned(),
        1 => "1 try is left".to_owned(),
        left => format!("{left} tries are left"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(client_pin: Option<bool>, left: Option<u8>, power_cycle: bool, change_due: bool) -> PinFacts {
        PinFacts {
            client_pin,
            left,
            power_cycle,
            change_due,
        }
    }

    #[test]
    fn every_state_of_a_pin_is_said_in_plain_words() {
        let mut all = vec![
            facts(None, None, false, false),
            facts(Some(false), Some(8), false, false),
        ];
        for left in [None, Some(0), Some(1), Some(5), Some(8)] {
            for (power_cycle, change_due) in [(false, false), (true, false), (false, true), (true, true)] {
                all.push(facts(Some(true), left, power_cycle, change_due));
            }
        }
        let lines = all.into_iter().map(|facts| {
            let state = PinState::of(facts);
            let meaning = state.meaning(WayOut::Organisation);
            format!("{facts:?}\n    {}\n    {meaning}", state.word())
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn a_locked_key_names_its_way_out() {
        let ways = [
            WayOut::Organisation,
            WayOut::OrganisationAtDesk,
            WayOut::Reset,
            WayOut::Unknown,
        ];
        let said: Vec<_> = ways.into_iter().map(|way| PinState::Locked.meaning(way)).collect();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn a_key_without_tries_is_locked_even_if_it_also_wants_to_be_unplugged() {
        assert_eq!(PinState::of(facts(Some(true), Some(0), true, true)), PinState::Locked);
    }
}
