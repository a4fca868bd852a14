//! The admin PIN of a key: 16 symbols for physical admin mode; a secret apart from the management key.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::fault::CodeFault;
use super::symbols::{grouped, number, spread, written};
use super::typed;

/// The admin PIN: 80 bits as 16 symbols. Wiped when dropped.
#[derive(Clone)]
pub struct AdminPin(Zeroizing<[u8; 16]>);

impl AdminPin {
    /// Makes an admin PIN from ten bytes of randomness.
    #[must_use]
    pub fn new(random: &Zeroizing<[u8; 10]>) -> Self {
        Self(Zeroizing::new(spread(number(random.as_slice()))))
    }

    /// Reads what somebody typed.
    pub fn read(typed: &str) -> Result<Self, CodeFault> {
        typed::symbols(typed).map(Self)
    }

    /// The 16 symbols without separators: what is hashed and what is stored.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(written(self.0.as_slice()))
    }

    /// The admin PIN as it is shown: 4 groups of 4.
    #[must_use]
    pub fn shown(&self) -> Zeroizing<String> {
        Zeroizing::new(grouped(self.0.as_slice()))
    }

    /// The first 16 bytes of SHA-256 of its text: what a key keeps and compares.
    #[must_use]
    pub fn hash(&self) -> Zeroizing<[u8; 16]> {
        let mut hash = Zeroizing::new([0; 16]);
        let digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(self.text().as_bytes())));
        hash.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
        hash
    }
}
