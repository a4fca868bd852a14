//! The algorithms of PSKC: AES in CBC mode with the padding of XML encryption, HMAC, PBKDF2.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::{Block, BlockDecryptMut, KeyIvInit};
use hmac::{Hmac, Mac as _};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

use super::protection::Derivation;

const BLOCK: usize = 16;

/// A cipher (XML encryption §5.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    /// Reads the URI of an algorithm, by its last part.
    pub(super) fn parse(uri: &str) -> Option<Self> {
        match last(uri).as_str() {
            "aes128-cbc" => Some(Self::Aes128),
            "aes192-cbc" => Some(Self::Aes192),
            "aes256-cbc" => Some(Self::Aes256),
            _ => None,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Aes128 => "aes128-cbc",
            Self::Aes192 => "aes192-cbc",
            Self::Aes256 => "aes256-cbc",
        }
    }

    /// How many bytes its key has.
    pub(super) const fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// The plain text; the initialisation vector stands before the sealed bytes unless it was given apart. None when
    /// lengths or padding are wrong.
    pub(super) fn open(self, key: &[u8], iv: Option<&[u8]>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (iv, sealed) = match iv {
            Some(iv) => (iv, sealed),
            None => sealed.split_at_checked(BLOCK)?,
        };
        let plain = match self {
            Self::Aes128 => blocks(Decryptor::<Aes128>::new_from_slices(key, iv).ok()?, sealed),
            Self::Aes192 => blocks(Decryptor::<Aes192>::new_from_slices(key, iv).ok()?, sealed),
            Self::Aes256 => blocks(Decryptor::<Aes256>::new_from_slices(key, iv).ok()?, sealed),
        };
        unpadded(plain?)
    }
}

fn blocks<C: BlockDecryptMut>(mut cipher: C, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if sealed.is_empty() || !sealed.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    for chunk in sealed.chunks_exact(BLOCK) {
        let mut block = Block::<C>::clone_from_slice(chunk);
        cipher.decrypt_block_mut(&mut block);
        plain.extend_from_slice(&block);
        block.as_mut_slice().zeroize();
    }
    Some(plain)
}

/// XML encryption §5.2: the last byte says how many were added; what stands in the others is arbitrary.
fn unpadded(mut plain: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let added = usize::from(*plain.last()?);
    let length = plain
        .len()
        .checked_sub(added)
        .filter(|_| (1..=BLOCK).contains(&added))?;
    plain.truncate(length);
    Some(plain)
}

/// The hash inside HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// Reads the URI of an HMAC, by its last part.
    pub(super) fn parse(uri: &str) -> Option<Self> {
        match last(uri).as_str() {
            "hmac-sha1" => Some(Self::Sha1),
            "hmac-sha224" => Some(Self::Sha224),
            "hmac-sha256" => Some(Self::Sha256),
            "hmac-sha384" => Some(Self::Sha384),
            "hmac-sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// Whether a MAC is the one of this text; the comparison takes the same time wherever they differ.
    pub(super) fn verifies(self, key: &[u8], text: &[u8], mac: &[u8]) -> bool {
        macro_rules! verify {
            ($hash:ty) => {
                Hmac::<$hash>::new_from_slice(key).is_ok_and(|hmac| hmac.chain_update(text).verify_slice(mac).is_ok())
            };
        }
        match self {
            Self::Sha1 => verify!(Sha1),
            Self::Sha224 => verify!(Sha224),
            Self::Sha256 => verify!(Sha256),
            Self::Sha384 => verify!(Sha384),
            Self::Sha512 => verify!(Sha512),
        }
    }
}

/// The key that a password stands for (RFC 8018 §5.2).
pub(super) fn derive(password: &str, by: &Derivation) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; by.length]);
    let password = password.as_bytes();
    match by.hash {
        Hash::Sha1 => pbkdf2_hmac::<Sha1>(password, &by.salt, by.rounds, &mut key),
        Hash::Sha224 => pbkdf2_hmac::<Sha224>(password, &by.salt, by.rounds, &mut key),
        Hash::Sha256 => pbkdf2_hmac::<Sha256>(password, &by.salt, by.rounds, &mut key),
        Hash::Sha384 => pbkdf2_hmac::<Sha384>(password, &by.salt, by.rounds, &mut key),
        Hash::Sha512 => pbkdf2_hmac::<Sha512>(password, &by.salt, by.rounds, &mut key),
    }
    key
}

fn last(uri: &str) -> String {
    let last = uri.trim().rsplit('#').next().unwrap_or_default();
    last.to_ascii_lowercase()
}
