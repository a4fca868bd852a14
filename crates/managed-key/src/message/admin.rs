//! Administration: what an authorised operation is told to do, and how a person at the key gets an admin token.

use super::cbor::{Fields, MapWriter, needed};
use super::enrol::key_version;
use super::{AnswerFault, MessageFault, NO_PARAMETERS, PolicyChange, succeeded};
use crate::Operation;
use crate::keys::KeyVersion;

/// An administrative operation with its parameters. What is secret is encrypted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AdminOrder {
    /// Operation 10: the next management key under the wrap key of the present one.
    ChangeKey {
        /// The next key, encrypted under `K_wrap`.
        key_enc: [u8; 48],
        /// Its version.
        version: KeyVersion,
    },
    /// Operation 11: another admin PIN.
    SetAdminPin {
        /// The admin PIN, padded and encrypted to the key agreement.
        admin_pin_enc: [u8; 80],
    },
    /// Operation 12: out of management.
    Release,
    /// Operation 13: a part of the policy.
    SetPolicy(PolicyChange),
    /// Operation 14: credentials and PIN cleared.
    FactoryReset,
    /// Operation 15: a new PIN from the organisation.
    SetPinByAdmin {
        /// The new PIN, padded and encrypted to the key agreement.
        new_pin_enc: [u8; 80],
        /// Whether the user has to change it first.
        force_pin_change: bool,
    },
}

impl AdminOrder {
    /// The operation that a challenge is asked for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::ChangeKey { .. } => Operation::ChangeKey,
            Self::SetAdminPin { .. } => Operation::SetAdminPin,
            Self::Release => Operation::Release,
            Self::SetPolicy(_) => Operation::SetPolicy,
            Self::FactoryReset => Operation::FactoryReset,
            Self::SetPinByAdmin { .. } => Operation::SetPinByAdmin,
        }
    }

    /// `opParams` as canonical CBOR: what `adminAuth` covers.
    #[must_use]
    pub fn parameters(&self) -> Vec<u8> {
        match self {
            Self::ChangeKey { key_enc, version } => MapWriter::new().bytes(1, key_enc).number(2, version.get()).end(),
            Self::SetAdminPin { admin_pin_enc } => MapWriter::new().bytes(1, admin_pin_enc).end(),
            Self::SetPolicy(change) => change.encode(),
            Self::SetPinByAdmin {
                new_pin_enc,
                force_pin_change,
            } => MapWriter::new().bytes(1, new_pin_enc).flag(2, *force_pin_change).end(),
            Self::Release | Self::FactoryReset => NO_PARAMETERS.to_vec(),
        }
    }

    /// Whether it encrypts to the request's key agreement, which must be there then.
    #[must_use]
    pub const fn needs_key_agreement(&self) -> bool {
        matches!(self, Self::SetAdminPin { .. } | Self::SetPinByAdmin { .. })
    }

    /// Reads the parameters of an operation; unlock is a subcommand of its own and has none here.
    pub(super) fn of_field(operation: Operation, parameters: &[u8], field: u8) -> Result<Self, MessageFault> {
        if operation == Operation::SetPolicy {
            return PolicyChange::of_field(parameters, field).map(Self::SetPolicy);
        }
        let mut fields = Fields::read(parameters, field)?;
        let order = match operation {
            Operation::ChangeKey => Self::ChangeKey {
                key_enc: needed(fields.array(1)?, 1)?,
                version: key_version(&mut fields, 2)?,
            },
            Operation::SetAdminPin => Self::SetAdminPin {
                admin_pin_enc: needed(fields.array(1)?, 1)?,
            },
            Operation::Release => Self::Release,
            Operation::FactoryReset => Self::FactoryReset,
            Operation::SetPinByAdmin => Self::SetPinByAdmin {
                new_pin_enc: needed(fields.array(1)?, 1)?,
                force_pin_change: fields.flag(2)?.unwrap_or(true),
            },
            Operation::Unlock | Operation::SetPolicy => return Err(MessageFault::Invalid(1)),
        };
        fields.none_left()?;
        Ok(order)
    }
}

/// What a key answers to its admin PIN.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AdminLogin {
    /// A token of 32 bytes, encrypted to the key agreement of the request.
    pub admin_token_enc: [u8; 48],
}

impl AdminLogin {
    /// The whole answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        succeeded(&MapWriter::new().bytes(1, &self.admin_token_enc).end())
    }

    /// Reads the whole answer.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerFault> {
        let mut fields = super::answer::fields(answer)?;
        Ok(Self {
            admin_token_enc: needed(fields.array(1)?, 1)?,
        })
    }
}
