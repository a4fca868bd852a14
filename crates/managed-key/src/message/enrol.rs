//! Enrolment: the server's secrets on their way into a key, and the key's check value back.

use super::cbor::{Fields, MapWriter, needed};
use super::{AnswerFault, MessageFault, Policy, PolicyChange, succeeded};
use crate::keys::{Kcv, KeyVersion};

/// Parameters of an enrolment. What is secret is encrypted to the key agreement that the key attested.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enrol {
    /// The management key, encrypted.
    pub key_enc: [u8; 48],
    /// The admin PIN, padded and encrypted.
    pub admin_pin_enc: [u8; 80],
    /// The version of the management key.
    pub key_version: KeyVersion,
    /// The policy to begin with.
    pub policy: Policy,
}

impl Enrol {
    pub(super) fn encode(&self) -> Vec<u8> {
        MapWriter::new()
            .bytes(1, &self.key_enc)
            .bytes(2, &self.admin_pin_enc)
            .number(3, self.key_version.get())
            .raw(4, &self.policy.whole().encode())
            .end()
    }

    pub(super) fn of_fields(fields: &mut Fields<'_>) -> Result<Self, MessageFault> {
        let policy = needed(fields.raw(4), 4)?;
        Ok(Self {
            key_enc: needed(fields.array(1)?, 1)?,
            admin_pin_enc: needed(fields.array(2)?, 2)?,
            key_version: key_version(fields, 3)?,
            policy: Policy::default().changed(PolicyChange::of_field(policy, 4)?),
        })
    }
}

/// A version of a key, which is never 0.
pub(super) fn key_version(fields: &mut Fields<'_>, key: u8) -> Result<KeyVersion, MessageFault> {
    let number = needed(fields.number(i8::try_from(key).unwrap_or_default())?, key)?;
    KeyVersion::new(number).ok_or(MessageFault::Invalid(key))
}

/// What a key answers once it is managed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Enrolled {
    /// Which key it holds now.
    pub kcv: Kcv,
}

impl Enrolled {
    /// The whole answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        succeeded(&MapWriter::new().bytes(9, self.kcv.using()).end())
    }

    /// Reads the whole answer.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerFault> {
        let mut fields = super::answer::fields(answer)?;
        Ok(Self {
            kcv: Kcv::new(needed(fields.array(9)?, 9)?),
        })
    }
}
