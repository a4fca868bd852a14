//! Initial PINs: random, never one that is tried first. Randomness comes in as an argument.

mod blocklist;
#[cfg(test)]
mod tests;
mod weakness;

use zeroize::Zeroizing;

pub use weakness::{Weakness, weakness};

use crate::{SerialNumber, policy::PinKind};

/// The fewest characters of an initial user PIN, whatever the policy allows.
pub const MIN_LENGTH: u8 = 8;
/// Characters of an admin PIN: 96 bits.
pub const ADMIN_LENGTH: u8 = 16;

const DIGITS: &[u8; 10] = b"0123456789";
/// 64 characters that are told apart on paper: no I, O, l, o, 0 and 1.
const CHARACTERS: &[u8; 64] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789-+.=_:!?";

/// So many draws that only a broken source uses them up.
const DRAWS: usize = 1_000;

/// Random bytes for one try.
pub type Entropy = Zeroizing<[u8; 128]>;

/// A PIN. Wiped when dropped; not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The text, for writing it to a key or sealing it.
    #[must_use]
    pub fn using(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(***)")
    }
}

/// Why no PIN was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPin<E> {
    /// The source of randomness failed.
    #[error(transparent)]
    Entropy(#[from] E),
    /// The source gives the same again and again.
    #[error("the source of randomness gives nothing that would do for a PIN")]
    NotRandom,
}

/// How long an initial user PIN is under a policy that asks for at least `minimum` characters.
#[must_use]
pub const fn length(minimum: u8) -> u8 {
    if minimum > MIN_LENGTH { minimum } else { MIN_LENGTH }
}

/// An initial user PIN for the key with this serial number: every PIN without a [`Weakness`] is equally likely.
pub fn user_pin<E>(
    kind: PinKind,
    minimum: u8,
    serial: &SerialNumber,
    draw: impl FnMut() -> Result<Entropy, E>,
) -> Result<Pin, NoPin<E>> {
    let alphabet: &[u8] = match kind {
        PinKind::Digits => DIGITS,
        PinKind::Characters => CHARACTERS,
    };
    pick(alphabet, length(minimum), serial, draw)
}

/// An admin PIN for the key with this serial number.
pub fn admin_pin<E>(serial: &SerialNumber, draw: impl FnMut() -> Result<Entropy, E>) -> Result<Pin, NoPin<E>> {
    pick(CHARACTERS, ADMIN_LENGTH, serial, draw)
}

fn pick<E>(
    alphabet: &[u8],
    length: u8,
    serial: &SerialNumber,
    mut draw: impl FnMut() -> Result<Entropy, E>,
) -> Result<Pin, NoPin<E>> {
    for _ in 0..DRAWS {
        let entropy = draw()?;
        if let Some(pin) = spell(alphabet, length, &entropy).filter(|pin| weakness(pin, serial).is_none()) {
            return Ok(Pin(pin));
        }
    }
    Err(NoPin::NotRandom)
}

/// A text from random bytes; those that would make some letters likelier than others are passed over.
fn spell(alphabet: &[u8], length: u8, entropy: &Entropy) -> Option<Zeroizing<String>> {
    let size = u8::try_from(alphabet.len()).ok()?;
    let whole = u8::MAX.checked_div(size)?.checked_mul(size)?;
    let fair = entropy.iter().filter(|byte| **byte < whole);
    let letters = fair.filter_map(|byte| alphabet.get(usize::from(byte.checked_rem(size)?)));
    // The room is taken at once: a text that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(usize::from(length)));
    text.extend(letters.take(usize::from(length)).map(|letter| char::from(*letter)));
    (text.len() == usize::from(length)).then_some(text)
}
