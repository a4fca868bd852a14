//! Seeds: the shared secrets of tokens.

use zeroize::Zeroizing;

/// The shared secret of a token. Wiped when dropped; neither printed nor serialised.
#[derive(Clone)]
pub struct Seed(Zeroizing<Vec<u8>>);

/// A seed that is too short or too long; says its length and nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the seed has {given} bytes; it must have {} to {}", Seed::SHORTEST, Seed::LONGEST)]
pub struct SeedLength {
    /// How many bytes there are.
    pub given: usize,
}

impl Seed {
    /// Old tokens have 80 bits, although RFC 4226 §4 asks for 128.
    const SHORTEST: usize = 10;
    /// What SHA-512 gives.
    const LONGEST: usize = 64;

    /// Takes the bytes of a seed; they are wiped also when they are refused.
    pub fn new(bytes: Vec<u8>) -> Result<Self, SeedLength> {
        let bytes = Zeroizing::new(bytes);
        let given = bytes.len();
        if (Self::SHORTEST..=Self::LONGEST).contains(&given) {
            Ok(Self(bytes))
        } else {
            Err(SeedLength { given })
        }
    }

    /// The bytes, for computing a code or sealing them.
    #[must_use]
    pub fn using(&self) -> &[u8] {
        &self.0
    }
}
