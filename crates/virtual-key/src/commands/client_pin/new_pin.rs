//! What makes a PIN acceptable (CTAP §6.5.1): the same for the user's own and for one that an unlock sets.

use claviger_ctap::pin::{MOST_BYTES, unpad};
use claviger_ctap::wire::Status;

use crate::State;
use crate::state::Pin;

/// A PIN that may be set.
pub(crate) struct NewPin(Pin);

impl NewPin {
    /// Takes a PIN out of its padding.
    ///
    /// # Errors
    /// `INVALID_PARAMETER` for another length than 64 bytes; `PIN_POLICY_VIOLATION` for a PIN that is too short or too
    /// long, or no text.
    pub(crate) fn unpadded(padded: &[u8], state: &State) -> Result<Self, Status> {
        let bytes = unpad(padded).ok_or(Status::InvalidParameter)?;
        let text = std::str::from_utf8(bytes).map_err(|_| Status::PinPolicyViolation)?;
        Self::checked(text, state)
    }

    /// Takes a PIN that fits the key's settings.
    ///
    /// # Errors
    /// `PIN_POLICY_VIOLATION` for any other.
    pub(crate) fn checked(text: &str, state: &State) -> Result<Self, Status> {
        let pin = Pin::of(text);
        if text.len() > MOST_BYTES || pin.length < state.settings.min_pin_length {
            return Err(Status::PinPolicyViolation);
        }
        Ok(Self(pin))
    }

    /// Whether it is the PIN that is set already.
    pub(crate) fn is_the_old_one(&self, state: &State) -> bool {
        state.pin.as_ref().is_some_and(|old| old.hash.is(self.0.hash.bytes()))
    }

    /// Makes it the PIN. All tries are there again, and nobody is made to change it.
    pub(crate) fn set_on(self, state: &mut State) {
        state.pin = Some(self.0);
        state.pin_retries = crate::state::PIN_TRIES;
        state.settings.force_pin_change = false;
    }
}
