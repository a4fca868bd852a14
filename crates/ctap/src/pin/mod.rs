//! PIN/UV auth protocols one and two, as both sides need them: CTAP §6.5.6 and §6.5.7.
//!
//! Platform and authenticator each have a [`KeyPair`] and find the same [`SharedSecret`], under which PINs and
//! pinUvAuthTokens travel. Nothing here prints a secret.

mod key_pair;
mod shared_secret;
mod text;
mod token;

pub use key_pair::{KeyPair, NotOnCurve};
pub use shared_secret::{NotWhole, SharedSecret};
pub use text::{LEAST_CODE_POINTS, MOST_BYTES, PADDED, Pin, PinFault, code_points, unpad};
pub use token::PinUvAuthToken;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Fills a slice with random bytes.
pub type Entropy<'a> = dyn FnMut(&mut [u8]) + 'a;

/// A PIN/UV auth protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// The one of CTAP 2.0.
    One,
    /// The one that CTAP 2.1 adds.
    Two,
}

impl Protocol {
    /// Its number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The protocol with a number; none for others.
    #[must_use]
    pub const fn of(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            _ => None,
        }
    }

    /// `authenticate(key, message)`: 16 bytes with protocol one, 32 with two.
    #[must_use]
    pub fn authenticate(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        // CTAP §6.5.7: of a longer key (that of a shared secret) the first 32 bytes count.
        let key = match self {
            Self::One => key,
            Self::Two => key.get(..32).unwrap_or(key),
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            return Vec::new(); // HMAC takes keys of any length
        };
        mac.update(message);
        let mut signature = mac.finalize().into_bytes().to_vec();
        signature.truncate(match self {
            Self::One => 16,
            Self::Two => 32,
        });
        signature
    }

    /// `verify(key, message, signature)`, in time that does not depend on where they differ.
    #[must_use]
    pub fn verify(self, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let wanted = self.authenticate(key, message);
        !wanted.is_empty() && bool::from(wanted.ct_eq(signature))
    }
}

#[cfg(test)]
mod tests;
