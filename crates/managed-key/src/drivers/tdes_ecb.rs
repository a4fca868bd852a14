//! Driver `tdes-ecb`: what the classic smart-card minidriver does. Off until a tenant enables legacy cryptography.

use des::TdesEde3;
use des::cipher::{Block, BlockEncrypt, KeyInit};
use zeroize::Zeroizing;

use super::{Aftermath, Answer, UnlockRefusal, hexadecimal};

/// A key of triple DES, 24 bytes. Wiped when dropped.
#[derive(Clone)]
pub struct TdesEcbKey(Zeroizing<[u8; 24]>);

impl TdesEcbKey {
    /// Takes a key. Parity bits are not looked at.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 24]>) -> Self {
        Self(bytes)
    }

    pub(super) fn using(&self) -> &[u8] {
        self.0.as_slice()
    }

    pub(super) fn answer(&self, typed: &str) -> Result<Answer, UnlockRefusal> {
        let challenge = hexadecimal::read::<8>(typed)?;
        Ok(Answer {
            text: hexadecimal::written(&self.respond(challenge)),
            challenge_hash: Some(hexadecimal::hash(&challenge)),
            expected: None,
            aftermath: Aftermath::RotateKey,
        })
    }

    pub(super) fn respond(&self, challenge: [u8; 8]) -> [u8; 8] {
        let mut block = Block::<TdesEde3>::from(challenge);
        TdesEde3::new(self.0.as_slice().into()).encrypt_block(&mut block);
        block.into()
    }
}
