//! The world as the key sees it: a clock, a source of randomness, a touch sensor. Tests hold all three still.

use std::time::Duration;

/// What a key needs from its surroundings. Nothing else in this crate reads a clock or makes random bytes.
pub trait Machine {
    /// Time since some beginning; never goes backwards.
    fn now(&self) -> Duration;
    /// Fills `target` with bytes nobody can foresee.
    fn entropy(&mut self, target: &mut [u8]);
    /// Waits for a touch and says how the waiting ended.
    fn touch(&mut self, occasion: Occasion) -> Touch;
}

/// What a touch is asked for, so that whoever is asked can tell what they agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Register a credential.
    Register,
    /// Sign in with a credential.
    SignIn,
    /// Choose this key among several.
    Select,
    /// Forget all credentials and the PIN.
    Reset,
    /// Put the key under an organisation's management.
    Enrol,
    /// Set a new PIN with a response code.
    Unlock,
    /// An order of the organisation's administrator.
    Administer,
    /// Throw a pending challenge away.
    RenewChallenge,
    /// Tell the serial number over the air.
    ShowSerial,
}

/// How the waiting for a touch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// The user touched the key.
    Given,
    /// The user said no.
    Refused,
    /// Nobody came.
    TimedOut,
    /// The program that asked took its request back.
    Cancelled,
}
