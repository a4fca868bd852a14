//! The port to the world: whatever carries messages of CTAP2.

use std::error::Error;
use std::ops::ControlFlow;

use crate::hid::Keepalive;

/// Hears what a key waits for. Breaking off asks the transport to cancel what is under way; the key then answers
/// `CTAP2_ERR_KEEPALIVE_CANCEL`.
pub type Notice<'a> = dyn FnMut(Keepalive) -> ControlFlow<()> + 'a;

/// Carries messages to one key and back.
pub trait Transport {
    /// Why it could not: the key was pulled out, the reader is gone.
    type Error: Error + 'static;

    /// Sends a command byte and its body; gives back a status byte and its body. Tells `notice` of every sign of life
    /// in between, and cancels when it breaks off.
    fn exchange(&mut self, message: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Self::Error>;

    /// Makes ready for more after a reset: a card's application has to be selected again.
    fn renew(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}
