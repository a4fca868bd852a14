//! Challenges: 32 symbols that name a device, a count and a chance, and notice their own mistakes.

use std::fmt;

use sha2::{Digest, Sha256};

use super::fault::CodeFault;
use super::parity::{PARITY, parity, syndromes, wrong_group};
use super::symbols::{gather, grouped, number, spread, value, written};
use super::typed;
use crate::Serial;

/// How many symbols the tag, the count and the nonce take.
const DATA: usize = 27;
/// All symbols, the version before the rest.
const LENGTH: usize = 32;
/// Symbols of the tag, and of the tag with the count.
const TAG: usize = 5;
/// The symbols of the count.
const COUNT: usize = 2;
/// The low 100 bits.
const NONCE: u128 = (1 << 100) - 1;

/// What a key asks: made by the key, read aloud or copied, answered once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Challenge {
    symbols: [u8; LENGTH],
}

/// 25 bits of a hash of the serial, by which the server finds the keys that a challenge may come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DeviceTag(u32);

impl DeviceTag {
    /// The tag of a key.
    #[must_use]
    pub fn of(serial: &Serial) -> Self {
        let hash: [u8; 32] = Sha256::new()
            .chain_update(b"clv1/tag\0")
            .chain_update(serial.as_str())
            .finalize()
            .into();
        let [first, second, third, fourth, ..] = hash;
        Self(u32::from_be_bytes([first, second, third, fourth]) >> 7)
    }

    /// The 25 bits as a number, to be indexed.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Challenge {
    /// Makes a challenge from the stored count of unlocks, before any increment, and 13 bytes of randomness, of which the low
    /// 100 bits are used.
    #[must_use]
    pub fn new(serial: &Serial, unlock_seq: u32, random: [u8; 13]) -> Self {
        let tag: [u8; TAG] = spread(u128::from(DeviceTag::of(serial).get()));
        let count: [u8; COUNT] = spread(u128::from(unlock_seq));
        let nonce: [u8; 20] = spread(number(&random) & NONCE);
        let mut data = [0; DATA];
        let parts = tag.iter().chain(&count).chain(&nonce);
        data.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        let mut symbols = [0; LENGTH];
        let all = [Self::version()].into_iter().chain(data).chain(parity(&data));
        symbols.iter_mut().zip(all).for_each(|(to, from)| *to = from);
        Self { symbols }
    }

    /// Reads what somebody typed or pasted. A mistake is named and never mended.
    pub fn read(typed: &str) -> Result<Self, CodeFault> {
        let symbols: [u8; LENGTH] = *typed::symbols(typed)?;
        let [version, word @ ..] = symbols;
        if version != Self::version() {
            return Err(CodeFault::Version);
        }
        match syndromes(&word) {
            [0, 0, 0, 0] => Ok(Self { symbols }),
            wrong => {
                Err(wrong_group(wrong, word.len(), 1).map_or(CodeFault::Whole, |group| CodeFault::Group { group }))
            }
        }
    }

    /// The 32 symbols without separators: what is copied, and what enters MACs and hashes.
    #[must_use]
    pub fn text(&self) -> String {
        written(&self.symbols)
    }

    /// The challenge as it is shown: 8 groups of 4.
    #[must_use]
    pub fn shown(&self) -> String {
        grouped(&self.symbols)
    }

    /// Which keys it may come from.
    #[must_use]
    pub fn tag(&self) -> DeviceTag {
        let [_, tag @ .., _, _] = self.front();
        DeviceTag(u32::try_from(gather(&tag)).unwrap_or_default())
    }

    /// The key's count of unlocks, modulo 1,024.
    #[must_use]
    pub fn unlock_seq(&self) -> u16 {
        let [.., high, low] = self.front();
        u16::try_from(gather(&[high, low])).unwrap_or_default()
    }

    /// SHA-256 of the 32 symbols: what is kept in place of the challenge.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text()).into()
    }

    /// The version, the tag and the count.
    fn front(&self) -> [u8; 1 + TAG + COUNT] {
        self.symbols.first_chunk().copied().unwrap_or_default()
    }

    fn version() -> u8 {
        value('C').unwrap_or_default()
    }
}

// A challenge is no secret: whoever asks may read it.
impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Challenge({})", self.text())
    }
}

const _: () = assert!(
    DATA + PARITY + 1 == LENGTH,
    "a challenge is its version, its data and its parity"
);
