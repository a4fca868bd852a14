//! Codes for a user whose token is lost or forgotten: few, short-lived, each once.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::Timestamp;

/// How many a user is given at once.
pub const EMERGENCY_CODES: usize = 5;
/// How long they are worth anything.
const HOURS: i64 = 72;
/// Symbols of a code: 50 bits.
const LENGTH: usize = 10;
/// 32 symbols that are told apart by eye and by ear (Crockford's base 32). A code of them is never taken for a token's.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An emergency code. Wiped when dropped; not printed.
#[derive(Clone)]
pub struct EmergencyCode(Zeroizing<String>);

/// Until when codes are good that are given out now.
#[must_use]
pub const fn emergency_end(now: Timestamp) -> Timestamp {
    now.plus_seconds(HOURS * 3_600)
}

impl EmergencyCode {
    /// A code of these random bytes; each symbol takes five bits of one.
    #[must_use]
    pub fn of(random: &[u8; LENGTH]) -> Self {
        let symbol = |byte: &u8| SYMBOLS.get(usize::from(byte & 31)).copied().map(char::from);
        Self(Zeroizing::new(random.iter().filter_map(symbol).collect()))
    }

    /// Reads what somebody typed: case, blanks and dashes do not count, and O is 0, I and L are 1.
    #[must_use]
    pub fn read(given: &str) -> Option<Self> {
        let mut code = Zeroizing::new(String::with_capacity(LENGTH));
        for letter in given.chars().filter(|letter| !matches!(letter, ' ' | '-')) {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = SYMBOLS.iter().any(|symbol| char::from(*symbol) == letter);
            if !known || code.len() >= LENGTH {
                return None;
            }
            code.push(letter);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// As it is written down: two groups of five.
    #[must_use]
    pub fn using(&self) -> Zeroizing<String> {
        let (left, right) = self.0.split_at_checked(LENGTH / 2).unwrap_or_default();
        Zeroizing::new(format!("{left}-{right}"))
    }

    /// What is kept of it, sealed.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"claviger/emergency-code/v1")
            .chain_update(self.0.as_bytes())
            .finalize()
            .into()
    }
}
