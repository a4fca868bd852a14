//! Challenges and responses in hexadecimal digits, typed as freely as codes are.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::code::{CodeFault, kept};

/// Reads exactly `N` bytes. Separators are dropped; look-alikes are not guessed at, because B and 8 are both digits here.
pub(super) fn read<const N: usize>(typed: &str) -> Result<[u8; N], CodeFault> {
    let mut bytes = [0_u8; N];
    let mut given = 0_usize;
    for (position, character) in kept(typed) {
        let digit = character.to_digit(16).ok_or(CodeFault::Character { position })?;
        let digit = u8::try_from(digit).unwrap_or_default();
        if let Some(byte) = bytes.get_mut(given / 2) {
            *byte = (*byte << 4) | digit;
        }
        given = given.saturating_add(1);
    }
    let expected = N.saturating_mul(2);
    if given == expected {
        Ok(bytes)
    } else {
        Err(CodeFault::Length { given, expected })
    }
}

/// Bytes as upper-case digits, without separators.
pub(super) fn written(bytes: &[u8]) -> Zeroizing<String> {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).map(|digit| digit.to_ascii_uppercase());
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2)));
    text.extend(halves.filter_map(digit));
    text
}

/// SHA-256 of the challenge's digits.
pub(super) fn hash(challenge: &[u8]) -> [u8; 32] {
    Sha256::digest(written(challenge).as_bytes()).into()
}
