//! Codes: HMAC, dynamic truncation, decimal digits (RFC 4226 §5.3), and comparing them without telling where they differ.

use hmac::digest::crypto_common::{Key, KeyInit};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::{Zeroize, Zeroizing};

use super::{Algorithm, Digits, Seed};

/// A code as a token shows it. Wiped when dropped; not printed.
#[derive(Clone)]
pub struct Code {
    number: u32,
    digits: Digits,
}

/// The code for a moving factor: a counter (RFC 4226), or the number of time steps since the epoch (RFC 6238 §4.2).
#[must_use]
pub fn code(seed: &Seed, algorithm: Algorithm, digits: Digits, moving_factor: u64) -> Code {
    Generator::new(seed, algorithm, digits).at(moving_factor)
}

/// Computes codes of one seed; the keyed state of HMAC is made once.
pub(super) struct Generator {
    keyed: Keyed,
    digits: Digits,
}

enum Keyed {
    Sha1(Box<Hmac<Sha1>>),
    Sha256(Box<Hmac<Sha256>>),
    Sha512(Box<Hmac<Sha512>>),
}

impl Generator {
    pub(super) fn new(seed: &Seed, algorithm: Algorithm, digits: Digits) -> Self {
        let keyed = match algorithm {
            Algorithm::Sha1 => Keyed::Sha1(Box::new(keyed(seed))),
            Algorithm::Sha256 => Keyed::Sha256(Box::new(keyed(seed))),
            Algorithm::Sha512 => Keyed::Sha512(Box::new(keyed(seed))),
        };
        Self { keyed, digits }
    }

    pub(super) fn at(&self, moving_factor: u64) -> Code {
        let text = moving_factor.to_be_bytes();
        let truncated = match &self.keyed {
            Keyed::Sha1(mac) => truncate(&mac.as_ref().clone().chain_update(text).finalize().into_bytes()),
            Keyed::Sha256(mac) => truncate(&mac.as_ref().clone().chain_update(text).finalize().into_bytes()),
            Keyed::Sha512(mac) => truncate(&mac.as_ref().clone().chain_update(text).finalize().into_bytes()),
        };
        Code {
            number: truncated.checked_rem(self.digits.codes()).unwrap_or_default(),
            digits: self.digits,
        }
    }
}

/// A seed is never longer than a block of its hash, so that filling it up with zeros is all that HMAC does (RFC 2104 §2).
fn keyed<M: KeyInit>(seed: &Seed) -> M {
    let mut key = Key::<M>::default();
    key.iter_mut().zip(seed.using()).for_each(|(to, from)| *to = *from);
    let mac = M::new(&key);
    key.as_mut_slice().zeroize();
    mac
}

/// RFC 4226 §5.3: the low four bits of the last byte say where 31 bits are taken.
fn truncate(mac: &[u8]) -> u32 {
    let start = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
    let taken = mac.get(start..).unwrap_or_default().iter().take(4);
    taken.fold(0_u32, |number, byte| (number << 8) | u32::from(*byte)) & 0x7fff_ffff
}

impl Code {
    /// The digits as the token shows them, with leading zeros.
    #[must_use]
    pub fn using(&self) -> Zeroizing<String> {
        Zeroizing::new(format!(
            "{:0width$}",
            self.number,
            width = usize::from(self.digits.get())
        ))
    }
}

impl Code {
    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    pub(super) const fn digits(&self) -> Digits {
        self.digits
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        self.number.zeroize();
    }
}
