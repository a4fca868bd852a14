//! The PIN as people type it and as it travels: CTAP §6.5.1 and §6.5.5.5.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// No PIN is shorter, whatever the key says (CTAP §6.5.1).
pub const LEAST_CODE_POINTS: u32 = 4;
/// No PIN is longer, as UTF-8 in normalisation form C.
pub const MOST_BYTES: usize = 63;
/// A new PIN travels with zero bytes up to this length.
pub const PADDED: usize = 64;

/// A PIN in normalisation form C.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

/// Why a text cannot be a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinFault {
    /// Fewer code points than needed.
    #[error("the PIN has fewer than {0} characters")]
    TooShort(u32),
    /// More than 63 bytes.
    #[error("the PIN has more than {MOST_BYTES} bytes")]
    TooLong,
    /// A zero character at the end would be lost in the padding.
    #[error("the PIN ends in a zero character")]
    EndsInZero,
}

impl Pin {
    /// A PIN as somebody typed it: at least 4 code points, at most 63 bytes, and no zero at its end.
    pub fn new(typed: &str) -> Result<Self, PinFault> {
        let mut normal = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(3)));
        normal.extend(typed.nfc());
        let pin = Self(normal);
        pin.at_least(LEAST_CODE_POINTS)?;
        if pin.0.len() > MOST_BYTES {
            return Err(PinFault::TooLong);
        }
        if pin.0.ends_with('\0') {
            return Err(PinFault::EndsInZero);
        }
        Ok(pin)
    }

    /// Refuses a PIN that has fewer code points than a key's `minPINLength`.
    pub fn at_least(&self, code_points: u32) -> Result<(), PinFault> {
        if self.code_points() < code_points {
            Err(PinFault::TooShort(code_points))
        } else {
            Ok(())
        }
    }

    /// Its length as keys count it.
    #[must_use]
    pub fn code_points(&self) -> u32 {
        code_points(self.0.as_bytes())
    }

    /// `LEFT(SHA-256(PIN), 16)`, by which a key knows it.
    #[must_use]
    pub fn hash(&self) -> Zeroizing<[u8; 16]> {
        let whole = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(self.0.as_bytes())));
        Zeroizing::new(whole.first_chunk().copied().unwrap_or_default())
    }

    /// The PIN with zero bytes up to 64.
    #[must_use]
    pub fn padded(&self) -> Zeroizing<[u8; PADDED]> {
        let mut padded = Zeroizing::new([0; PADDED]);
        for (place, byte) in padded.iter_mut().zip(self.0.bytes()) {
            *place = byte;
        }
        padded
    }
}

/// How many code points UTF-8 has: every byte but those that continue one.
#[must_use]
pub fn code_points(utf8: &[u8]) -> u32 {
    let firsts = utf8.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
    u32::try_from(firsts).unwrap_or(u32::MAX)
}

/// A new PIN as an authenticator takes it from its padding (CTAP §6.5.5.5); none when it is not 64 bytes long.
#[must_use]
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    if padded.len() != PADDED {
        return None;
    }
    let length = padded.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    padded.get(..length)
}
