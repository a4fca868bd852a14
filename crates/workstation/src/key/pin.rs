//! The PIN (CTAP 2.1 §6.5): its state, setting and changing it, and tokens for who knows it.

use claviger_ctap::{
    pin::{Pin, PinUvAuthToken},
    wire::client_pin::Permissions,
};

use super::Key;
use crate::{
    pin_state::{PinFacts, PinState},
    trouble::{Failed, Stage, Trouble},
};

impl Key {
    /// The state of its PIN. Asking costs no try.
    pub fn pin_state(&mut self) -> Result<PinState, Trouble> {
        let client_pin = self.info().option("clientPin");
        let mut facts = PinFacts {
            client_pin,
            change_due: self.info().force_pin_change.unwrap_or_default(),
            ..PinFacts::default()
        };
        if client_pin == Some(true) {
            let retries = self.client.pin_retries();
            let retries = retries.map_err(|error| Trouble::of_client(error, Stage::Reading))?;
            facts.left = Some(u8::try_from(retries.left).unwrap_or(u8::MAX));
            facts.power_cycle = retries.needs_power_cycle;
        }
        Ok(PinState::of(facts))
    }

    /// That the key can be given its first PIN.
    pub fn wants_first_pin(&self) -> Result<(), Trouble> {
        match self.info().option("clientPin") {
            Some(false) => Ok(()),
            Some(true) => Err(Trouble::PinIsSet),
            None => Err(Trouble::Unsupported {
                what: "a PIN".to_owned(),
            }),
        }
    }

    /// That the key has a PIN and takes it now.
    pub fn takes_pin(&mut self) -> Result<(), Trouble> {
        match self.pin_state()? {
            PinState::Unsupported => Err(Trouble::Unsupported {
                what: "a PIN".to_owned(),
            }),
            PinState::NotSet => Err(Trouble::NoPin),
            PinState::Locked => Err(Trouble::PinBlocked { way: self.way_out() }),
            PinState::Replug { tries_left } => Err(Trouble::ReplugFirst { left: tries_left }),
            PinState::Ready { .. } | PinState::ChangeDue { .. } => Ok(()),
        }
    }

    /// Sets the first PIN.
    pub fn set_pin(&mut self, pin: &str) -> Result<(), Failed> {
        let stage = Stage::SettingPin;
        let pin = typed(pin).map_err(|trouble| stage.failed(trouble))?;
        self.during(stage, |client| client.set_pin(&pin))
    }

    /// Changes the PIN; the old one proves that its user wants it.
    pub fn change_pin(&mut self, old: &str, new: &str) -> Result<(), Failed> {
        let stage = Stage::ChangingPin;
        let both = typed(old).and_then(|old| Ok((old, typed(new)?)));
        let (old, new) = both.map_err(|trouble| stage.failed(trouble))?;
        self.during(stage, |client| client.change_pin(&old, &new))
    }

    /// Proves the PIN and returns a token for these permissions.
    pub(super) fn token(&mut self, pin: &str, permissions: Permissions) -> Result<PinUvAuthToken, Failed> {
        let stage = Stage::ProvingPin;
        let pin = typed(pin).map_err(|trouble| stage.failed(trouble))?;
        self.during(stage, |client| client.pin_token(&pin, permissions, None))
    }
}

/// A PIN as somebody typed it. One that no key could have never reaches the key, and is no try.
fn typed(pin: &str) -> Result<Pin, Trouble> {
    Pin::new(pin).map_err(|fault| Trouble::UnfitPin { why: fault.to_string() })
}
