//! What the messages need of CTAP's PIN/UV protocol two (CTAP 2.1 §6.5.7): authentication and encryption, without the curve.

use aes::Aes256;
use aes::cipher::{Block, BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use hmac::Mac;
use zeroize::Zeroizing;

use crate::code::AdminPin;
use crate::keys::{DeviceKey, WrapKey, hmac, keyed};
use crate::message::{COMMAND, SubCommand};

const BLOCK: usize = 16;

/// `AUTH`: a MAC over 32 × FF, the command, the subcommand and the parameters as they travel.
#[must_use]
pub fn authenticate(key: &[u8; 32], sub: SubCommand, params: &[u8]) -> [u8; 32] {
    authenticated(key, sub, params).finalize().into_bytes().into()
}

/// Whether this is `AUTH`; takes as long wherever it differs.
#[must_use]
pub fn verifies(key: &[u8; 32], sub: SubCommand, params: &[u8], given: &[u8; 32]) -> bool {
    authenticated(key, sub, params).verify_slice(given).is_ok()
}

fn authenticated(key: &[u8; 32], sub: SubCommand, params: &[u8]) -> hmac::Hmac<sha2::Sha256> {
    keyed(key)
        .chain_update([0xff; 32])
        .chain_update([COMMAND, sub.code()])
        .chain_update(params)
}

/// What both sides of a key agreement have: one key that authenticates, one that encrypts. Wiped when dropped.
#[derive(Clone)]
pub struct SharedSecret {
    authenticates: Zeroizing<[u8; 32]>,
    encrypts: Zeroizing<[u8; 32]>,
}

impl SharedSecret {
    /// The secret of an agreed point, from its first coordinate (CTAP 2.1 §6.5.7: HKDF-SHA-256 with a salt of zeros).
    #[must_use]
    pub fn of_point(x: &[u8; 32]) -> Self {
        let extracted = hmac(&[0; 32], &[x]);
        let expanded = |info: &[u8]| hmac(&extracted, &[info, &[1]]);
        Self {
            authenticates: expanded(b"CTAP2 HMAC key"),
            encrypts: expanded(b"CTAP2 AES key"),
        }
    }

    /// The secret of the two keys that another implementation of the protocol made.
    #[must_use]
    pub const fn of_keys(authenticates: Zeroizing<[u8; 32]>, encrypts: Zeroizing<[u8; 32]>) -> Self {
        Self {
            authenticates,
            encrypts,
        }
    }

    /// The key for `AUTH`.
    #[must_use]
    pub fn mac_key(&self) -> &[u8; 32] {
        &self.authenticates
    }

    /// A management key on its way into a device.
    #[must_use]
    pub fn seal_key(&self, iv: [u8; 16], key: &DeviceKey) -> [u8; 48] {
        sealed(&self.encrypts, iv, key.using())
    }

    /// The management key that came.
    #[must_use]
    pub fn open_key(&self, sealed: &[u8; 48]) -> DeviceKey {
        DeviceKey::new(opened(&self.encrypts, sealed))
    }

    /// A PIN on its way into a device; none when it has more than 63 bytes.
    #[must_use]
    pub fn seal_pin(&self, iv: [u8; 16], pin: &str) -> Option<[u8; 80]> {
        Some(sealed(&self.encrypts, iv, padded(pin)?.as_slice()))
    }

    /// The PIN that came; none when it is not padded text of 1 to 63 bytes.
    #[must_use]
    pub fn open_pin(&self, sealed: &[u8; 80]) -> Option<Zeroizing<String>> {
        unpadded(&opened(&self.encrypts, sealed))
    }

    /// An admin PIN on its way into a device.
    #[must_use]
    pub fn seal_admin_pin(&self, iv: [u8; 16], pin: &AdminPin) -> [u8; 80] {
        let mut plain = Zeroizing::new([0; 64]);
        let text = pin.text();
        plain.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        sealed(&self.encrypts, iv, plain.as_slice())
    }

    /// The admin PIN that came; none when it is not one.
    #[must_use]
    pub fn open_admin_pin(&self, sealed: &[u8; 80]) -> Option<AdminPin> {
        AdminPin::read(&self.open_pin(sealed)?).ok()
    }

    /// The hash of an admin PIN on its way into a device.
    #[must_use]
    pub fn seal_admin_pin_hash(&self, iv: [u8; 16], hash: &[u8; 16]) -> [u8; 32] {
        sealed(&self.encrypts, iv, hash)
    }

    /// The hash that came.
    #[must_use]
    pub fn open_admin_pin_hash(&self, sealed: &[u8; 32]) -> Zeroizing<[u8; 16]> {
        opened(&self.encrypts, sealed)
    }

    /// An admin token on its way out of a device.
    #[must_use]
    pub fn seal_admin_token(&self, iv: [u8; 16], token: &[u8; 32]) -> [u8; 48] {
        sealed(&self.encrypts, iv, token)
    }

    /// The admin token that came.
    #[must_use]
    pub fn open_admin_token(&self, sealed: &[u8; 48]) -> Zeroizing<[u8; 32]> {
        opened(&self.encrypts, sealed)
    }
}

impl WrapKey {
    /// The next management key under this one: nobody between server and key reads it.
    #[must_use]
    pub fn seal_key(&self, iv: [u8; 16], next: &DeviceKey) -> [u8; 48] {
        sealed(self.using(), iv, next.using())
    }

    /// The next management key.
    #[must_use]
    pub fn open_key(&self, sealed: &[u8; 48]) -> DeviceKey {
        DeviceKey::new(opened(self.using(), sealed))
    }
}

/// The initialisation vector, then AES-256-CBC of whole blocks; `SEALED` is the plain length and a block.
fn sealed<const SEALED: usize>(key: &[u8; 32], iv: [u8; BLOCK], plain: &[u8]) -> [u8; SEALED] {
    let mut cipher = cbc::Encryptor::<Aes256>::new(key.into(), &iv.into());
    let mut sealed = [0; SEALED];
    sealed
        .iter_mut()
        .zip(iv.iter().chain(plain))
        .for_each(|(to, from)| *to = *from);
    for block in sealed.chunks_exact_mut(BLOCK).skip(1) {
        cipher.encrypt_block_mut(Block::<Aes256>::from_mut_slice(block));
    }
    sealed
}

fn opened<const PLAIN: usize>(key: &[u8; 32], sealed: &[u8]) -> Zeroizing<[u8; PLAIN]> {
    let mut plain = Zeroizing::new([0; PLAIN]);
    if let Some((iv, body)) = sealed.split_first_chunk::<BLOCK>() {
        let mut cipher = cbc::Decryptor::<Aes256>::new(key.into(), iv.into());
        plain.iter_mut().zip(body).for_each(|(to, from)| *to = *from);
        for block in plain.chunks_exact_mut(BLOCK) {
            cipher.decrypt_block_mut(Block::<Aes256>::from_mut_slice(block));
        }
    }
    plain
}

/// A PIN filled up with zeros to 64 bytes, the last of which is one (CTAP 2.1 §6.5.5.5).
fn padded(pin: &str) -> Option<Zeroizing<[u8; 64]>> {
    let mut padded = Zeroizing::new([0; 64]);
    (pin.len() < padded.len()).then(|| {
        padded.iter_mut().zip(pin.bytes()).for_each(|(to, from)| *to = from);
        padded
    })
}

fn unpadded(padded: &Zeroizing<[u8; 64]>) -> Option<Zeroizing<String>> {
    let (text, zeros) = padded.split_at_checked(padded.iter().position(|byte| *byte == 0)?)?;
    let is_padding = zeros.iter().all(|byte| *byte == 0);
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|text| is_padding && !text.is_empty())?;
    Some(Zeroizing::new(text.to_owned()))
}
