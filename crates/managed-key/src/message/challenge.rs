//! The answer to getChallenge.

use super::cbor::{MapWriter, needed};
use super::{AnswerFault, MessageFault, succeeded};
use crate::Serial;
use crate::code::Challenge;

/// A challenge and the key that asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Challenged {
    /// What it asks.
    pub challenge: Challenge,
    /// Who it is.
    pub serial: Serial,
}

impl Challenged {
    /// The whole answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let map = MapWriter::new()
            .text(1, &self.challenge.text())
            .text(3, self.serial.as_str());
        succeeded(&map.end())
    }

    /// Reads the whole answer. The challenge is taken in the exact form that MACs cover, and only with sound parity.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerFault> {
        let mut fields = super::answer::fields(answer)?;
        let text = needed(fields.text(1)?, 1)?;
        let challenge = Challenge::read(text).ok().filter(|challenge| challenge.text() == text);
        let serial = Serial::new(needed(fields.text(3)?, 3)?);
        Ok(Self {
            challenge: challenge.ok_or(MessageFault::Invalid(1))?,
            serial: serial.map_err(|_| MessageFault::Invalid(3))?,
        })
    }
}
