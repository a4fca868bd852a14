//! Unlock: a response and a new PIN in, a receipt out.

use super::cbor::{Fields, MapWriter, needed};
use super::{AnswerFault, MessageFault, succeeded};
use crate::code::{Receipt, Response};
use zeroize::Zeroizing;

/// Parameters of an unlock.
#[derive(Clone)]
pub struct Unlock {
    /// The answer to the pending challenge.
    pub response: Response,
    /// The new PIN, padded and encrypted to the key agreement.
    pub new_pin_enc: [u8; 80],
}

impl Unlock {
    pub(super) fn encode(&self) -> Vec<u8> {
        MapWriter::new()
            .bytes(1, self.response.using())
            .bytes(2, &self.new_pin_enc)
            .end()
    }

    pub(super) fn of_fields(fields: &mut Fields<'_>) -> Result<Self, MessageFault> {
        Ok(Self {
            response: Response::new(Zeroizing::new(needed(fields.array(1)?, 1)?)),
            new_pin_enc: needed(fields.array(2)?, 2)?,
        })
    }
}

/// What a key answers once its PIN is new.
#[derive(Clone)]
pub struct Unlocked {
    /// What the holder reads back, and the server expects.
    pub receipt: Receipt,
    /// The count of unlocks, this one included.
    pub unlock_seq: u32,
}

impl Unlocked {
    /// The whole answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let map = MapWriter::new()
            .bytes(1, self.receipt.using())
            .number(10, self.unlock_seq);
        succeeded(&map.end())
    }

    /// Reads the whole answer.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerFault> {
        let mut fields = super::answer::fields(answer)?;
        Ok(Self {
            receipt: Receipt::new(needed(fields.array(1)?, 1)?),
            unlock_seq: needed(fields.number(10)?, 10)?,
        })
    }
}
