//! One open connection to one key: a CTAP2 request goes out, its answer comes back.

use claviger_ctap::{client::Notice, hid::Keepalive, wire::Status};

use crate::trouble::Trouble;

/// What a key says while it has no answer yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// It computes.
    Working,
    /// It waits for a touch.
    Touch,
}

impl From<Keepalive> for Waiting {
    fn from(state: Keepalive) -> Self {
        match state {
            Keepalive::UserPresenceNeeded => Self::Touch,
            Keepalive::Processing | Keepalive::Other(_) => Self::Working,
        }
    }
}

/// Whether a key says that it stopped because it was told to. One that was done before it heard of it says something else.
pub(crate) fn is_stopped(answer: &[u8]) -> bool {
    answer == [Status::KeepaliveCancel.byte()]
}

/// An open connection to one key. It is held until it is dropped.
pub trait Link {
    /// Sends a command byte with its CBOR and returns the status byte with its CBOR, at least one byte long. Tells every
    /// sign of life in between, and has the key stop when the one who is told breaks off.
    fn exchange(&mut self, request: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble>;

    /// Makes the connection usable again after the key was reset or its power was cut by somebody else. What the key
    /// kept in memory, PIN tokens above all, is gone.
    fn renew(&mut self) -> Result<(), Trouble>;

    /// Switches the key off and on where the reader can do so; `false` where only people can.
    fn power_cycle(&mut self) -> Result<bool, Trouble>;
}
