//! Sealing: AES-256-GCM bound to its place, so that a row moved elsewhere does not open.

use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use uuid::Uuid;

use super::Secret;
use crate::ports;

const CONTEXT: &[u8] = b"claviger/v1";
const NONCE: usize = 12;
const VERSION: usize = 4;

/// Where a sealed value lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The tenant.
    pub tenant: Uuid,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The row's key.
    pub row: &'a [u8],
}

/// A key that seals, and its version.
#[derive(Clone)]
pub struct SealingKey {
    version: u32,
    key: Secret<[u8; 32]>,
}

/// Why a value does not open. Says nothing about its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsealable {
    /// It was changed, or moved from another place, or sealed by another key.
    #[error("the sealed value does not belong here")]
    Foreign,
    /// It is too short to be a sealed value.
    #[error("the sealed value is cut off")]
    Truncated,
    /// There is no randomness to seal with.
    #[error("no randomness to seal with")]
    NoEntropy,
    /// The server runs without its key-encryption key.
    #[error("sealed: the key-encryption key is missing")]
    Sealed,
}

impl SealingKey {
    /// A key of that version.
    #[must_use]
    pub fn new(version: u32, key: Secret<[u8; 32]>) -> Self {
        Self { version, key }
    }

    /// Its version.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Its bytes, for wrapping it under another.
    pub(super) fn material(&self) -> &[u8; 32] {
        self.key.using()
    }

    /// Seals a value for one place: version ‖ nonce ‖ ciphertext and tag.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let nonce: [u8; NONCE] = ports::random().map_err(|_| Unsealable::NoEntropy)?;
        let aad = associated(place, self.version);
        let sealed = self
            .cipher()
            .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: &aad })
            .map_err(|_| Unsealable::Foreign)?;
        Ok([&self.version.to_be_bytes(), &nonce[..], &sealed].concat())
    }

    /// Opens what was sealed for this place by this key.
    ///
    /// # Errors
    /// [`Unsealable::Foreign`] whatever bit, place or key differs.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, Unsealable> {
        let (version, rest) = sealed.split_at_checked(VERSION).ok_or(Unsealable::Truncated)?;
        let (nonce, ciphertext) = rest.split_at_checked(NONCE).ok_or(Unsealable::Truncated)?;
        if version != self.version.to_be_bytes() {
            return Err(Unsealable::Foreign);
        }
        let aad = associated(place, self.version);
        self.cipher()
            .decrypt(
                Nonce::from_slice(nonce),
                Payload {
                    msg: ciphertext,
                    aad: &aad,
                },
            )
            .map(Secret::new)
            .map_err(|_| Unsealable::Foreign)
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(self.key.using().into())
    }
}

/// Length-prefixed, so that no two places share their associated data.
fn associated(place: Place<'_>, version: u32) -> Vec<u8> {
    let version = version.to_be_bytes();
    let parts: [&[u8]; 6] = [
        CONTEXT,
        place.tenant.as_bytes(),
        place.table.as_bytes(),
        place.column.as_bytes(),
        place.row,
        &version,
    ];
    let mut aad = Vec::with_capacity(128);
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        aad.extend_from_slice(&length.to_be_bytes());
        aad.extend_from_slice(part);
    }
    aad
}
