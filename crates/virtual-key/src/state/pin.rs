//! The user's PIN.

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::secret::Secret;

/// Tries for a PIN (CTAP §6.5.5.1: at most 8).
pub const PIN_TRIES: u8 = 8;

/// What is kept of a PIN: enough to compare it and to know whether it is too short.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub struct Pin {
    /// The first 16 bytes of SHA-256 of the PIN (CTAP §6.5.5.5).
    #[n(0)]
    pub hash: Secret<16>,
    /// Its length in Unicode code points, against which minimum lengths count (CTAP §6.5.1).
    #[n(1)]
    pub length: u8,
}

impl Pin {
    /// Keeps a PIN that was checked.
    pub(crate) fn of(pin: &str) -> Self {
        let mut hash = [0; 16];
        let digest = Sha256::digest(pin.as_bytes());
        hash.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self {
            hash: Secret::new(hash),
            length: u8::try_from(pin.chars().count()).unwrap_or(u8::MAX),
        }
    }
}
