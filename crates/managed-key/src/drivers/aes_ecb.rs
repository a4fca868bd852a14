//! Driver `aes-ecb`: what smart-card minidrivers and PIV's management key (9B) do with AES.
//!
//! The challenge is bound to nothing, and whoever answers it has the whole admin role on that host.

use aes::cipher::{Block, BlockEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use zeroize::Zeroizing;

use super::{Aftermath, Answer, SecretFault, UnlockRefusal, hexadecimal};

/// An AES key of 16, 24 or 32 bytes. Wiped when dropped.
#[derive(Clone)]
pub struct AesEcbKey(Length);

#[derive(Clone)]
enum Length {
    Aes128(Zeroizing<[u8; 16]>),
    Aes192(Zeroizing<[u8; 24]>),
    Aes256(Zeroizing<[u8; 32]>),
}

impl AesEcbKey {
    /// Takes a key of one of the three lengths.
    pub fn new(bytes: &[u8]) -> Result<Self, SecretFault> {
        let of_16 = || Some(Length::Aes128(Zeroizing::new(bytes.try_into().ok()?)));
        let of_24 = || Some(Length::Aes192(Zeroizing::new(bytes.try_into().ok()?)));
        let of_32 = || Some(Length::Aes256(Zeroizing::new(bytes.try_into().ok()?)));
        let key = of_16().or_else(of_24).or_else(of_32);
        key.map(Self).ok_or(SecretFault::AesLength(bytes.len()))
    }

    pub(super) fn using(&self) -> &[u8] {
        match &self.0 {
            Length::Aes128(key) => key.as_slice(),
            Length::Aes192(key) => key.as_slice(),
            Length::Aes256(key) => key.as_slice(),
        }
    }

    pub(super) fn answer(&self, typed: &str) -> Result<Answer, UnlockRefusal> {
        let challenge = hexadecimal::read::<16>(typed)?;
        Ok(Answer {
            text: hexadecimal::written(&self.respond(challenge)),
            challenge_hash: Some(hexadecimal::hash(&challenge)),
            expected: None,
            aftermath: Aftermath::RotateKey,
        })
    }

    pub(super) fn respond(&self, challenge: [u8; 16]) -> [u8; 16] {
        let mut block = Block::<Aes128>::from(challenge);
        match &self.0 {
            Length::Aes128(key) => Aes128::new(key.as_slice().into()).encrypt_block(&mut block),
            Length::Aes192(key) => Aes192::new(key.as_slice().into()).encrypt_block(&mut block),
            Length::Aes256(key) => Aes256::new(key.as_slice().into()).encrypt_block(&mut block),
        }
        block.into()
    }
}
