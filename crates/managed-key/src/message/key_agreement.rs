//! The answer to getKeyAgreement: a public key that a genuine device attests, made for one enrolment or unlock.

use super::cbor::{MapWriter, needed};
use super::{AnswerFault, COMMAND, CoseKey, MessageFault, SubCommand, succeeded};
use crate::Serial;

/// A public key with the device's word for it. Whoever enrols verifies signature and chain before making any secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttestedAgreement {
    /// The public key to agree with.
    pub key_agreement: CoseKey,
    /// The device that speaks.
    pub serial: Serial,
    /// The signature by the attestation key over [`Self::signed`].
    pub signature: Vec<u8>,
    /// The attestation certificate and its issuers, DER.
    pub certificates: Vec<Vec<u8>>,
}

impl AttestedAgreement {
    /// What is signed: 32 × FF, command, subcommand, the caller's nonce, the serial with its length, the public key's CBOR.
    #[must_use]
    pub fn signed(nonce: &[u8; 32], serial: &Serial, key_agreement: &CoseKey) -> Vec<u8> {
        let head = [COMMAND, SubCommand::GetKeyAgreement.code()];
        [
            [0xff; 32].as_slice(),
            &head,
            nonce,
            &serial.prefixed(),
            &key_agreement.encode(),
        ]
        .concat()
    }

    /// The whole answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let map = MapWriter::new()
            .text(3, self.serial.as_str())
            .raw(5, &self.key_agreement.encode())
            .bytes(13, &self.signature)
            .byte_strings(14, &self.certificates);
        succeeded(&map.end())
    }

    /// Reads the whole answer.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerFault> {
        let mut fields = super::answer::fields(answer)?;
        let serial = Serial::new(needed(fields.text(3)?, 3)?);
        Ok(Self {
            serial: serial.map_err(|_| MessageFault::Invalid(3))?,
            key_agreement: CoseKey::of_field(needed(fields.raw(5), 5)?, 5)?,
            signature: needed(fields.bytes(13)?, 13)?.to_vec(),
            certificates: needed(fields.byte_strings(14)?, 14)?,
        })
    }
}
