//! What both sides of a key agreement know, and what they do with it.

use aes::Aes256;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Entropy, Protocol};

const BLOCK: usize = 16;

/// A shared secret of protocol one or two.
pub struct SharedSecret {
    protocol: Protocol,
    hmac: Zeroizing<[u8; 32]>,
    aes: Zeroizing<[u8; 32]>,
}

/// Plain or cipher text that is not a whole number of blocks of 16 bytes, or a cipher text without its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an encrypted value is not a whole number of 16-byte blocks")]
pub struct NotWhole;

impl SharedSecret {
    /// `kdf(Z)`: SHA-256 for protocol one, two HKDF-SHA-256 keys for protocol two.
    pub(super) fn derive(protocol: Protocol, z: &[u8]) -> Self {
        match protocol {
            Protocol::One => {
                let key = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(z)));
                Self {
                    protocol,
                    hmac: key.clone(),
                    aes: key,
                }
            }
            Protocol::Two => Self {
                protocol,
                hmac: hkdf(z, b"CTAP2 HMAC key"),
                aes: hkdf(z, b"CTAP2 AES key"),
            },
        }
    }

    /// The protocol that it is for.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// `encrypt(key, plain)`: AES-256-CBC without padding; with protocol two a random IV comes first.
    pub fn encrypt(&self, plain: &[u8], entropy: &mut Entropy<'_>) -> Result<Vec<u8>, NotWhole> {
        let mut iv = [0; BLOCK];
        let mut message = match self.protocol {
            Protocol::One => Vec::new(),
            Protocol::Two => {
                entropy(&mut iv);
                iv.to_vec()
            }
        };
        if !plain.len().is_multiple_of(BLOCK) {
            return Err(NotWhole);
        }
        let cipher = cbc::Encryptor::<Aes256>::new((&*self.aes).into(), &iv.into());
        message.extend(cipher.encrypt_padded_vec_mut::<NoPadding>(plain));
        Ok(message)
    }

    /// `decrypt(key, cipher text)`.
    pub fn decrypt(&self, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotWhole> {
        let (iv, encrypted) = match self.protocol {
            Protocol::One => (&[0; BLOCK], message),
            Protocol::Two => message.split_first_chunk().ok_or(NotWhole)?,
        };
        let cipher = cbc::Decryptor::<Aes256>::new((&*self.aes).into(), iv.into());
        cipher
            .decrypt_padded_vec_mut::<NoPadding>(encrypted)
            .map(Zeroizing::new)
            .map_err(|_| NotWhole)
    }

    /// `authenticate(key, message)`.
    #[must_use]
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        self.protocol.authenticate(self.hmac.as_ref(), message)
    }

    /// `verify(key, message, signature)`.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.protocol.verify(self.hmac.as_ref(), message, signature)
    }
}

/// HKDF-SHA-256 (RFC 5869) with a salt of 32 zero bytes and 32 bytes out, which is one round.
fn hkdf(z: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let extracted = Zeroizing::new(hmac(&[0; 32], &[z]));
    Zeroizing::new(hmac(extracted.as_ref(), &[info, &[1]]))
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32]; // HMAC takes keys of any length
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
