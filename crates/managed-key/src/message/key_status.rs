//! What getStatus tells about a key.

use super::cbor::{Fields, MapWriter, needed};
use super::{AnswerFault, MessageFault, Policy, PolicyChange, succeeded};
use crate::Serial;
use crate::code::Receipt;
use crate::keys::{Kcv, KeyVersion};

/// Whether and how a key is managed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ManagementState {
    /// Nobody manages it.
    Unmanaged,
    /// It is managed.
    Managed,
    /// It is managed, and refuses to be unlocked: the tries of its management key are used up.
    AdminBlocked,
}

impl ManagementState {
    const ALL: [Self; 3] = [Self::Unmanaged, Self::Managed, Self::AdminBlocked];

    /// The number on the wire.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Unmanaged => 0,
            Self::Managed => 1,
            Self::AdminBlocked => 2,
        }
    }
}

/// The state of a key. What a key does not tell is none: over contactless the serial before touch, and what only a managed key
/// has.
#[derive(Clone)]
pub struct KeyStatus {
    /// The version of the protocol that the key speaks.
    pub protocol: u8,
    /// Whether it is managed.
    pub state: ManagementState,
    /// The serial that enters MACs.
    pub serial: Option<Serial>,
    /// Tries left against the management key.
    pub admin_retries: Option<u8>,
    /// Tries left for the admin PIN.
    pub admin_pin_retries: Option<u8>,
    /// Tries left for the user's PIN.
    pub pin_retries: Option<u8>,
    /// Three wrong PINs in a row: the key wants to be unplugged and plugged in again, not unlocked.
    pub power_cycle: Option<bool>,
    /// The version of its management key.
    pub key_version: Option<KeyVersion>,
    /// Which management key it holds.
    pub kcv: Option<Kcv>,
    /// How often it was unlocked, in all its life.
    pub unlock_seq: Option<u32>,
    /// Its policy.
    pub policy: Option<Policy>,
    /// Whether a challenge waits for its answer.
    pub challenge_pending: Option<bool>,
    /// The receipt of the last unlock, until the next challenge.
    pub last_receipt: Option<Receipt>,
}

impl KeyStatus {
    /// The version of the protocol that this crate speaks.
    pub const PROTOCOL: u8 = 1;

    /// A status that tells the state alone.
    #[must_use]
    pub const fn new(state: ManagementState) -> Self {
        Self {
            protocol: Self::PROTOCOL,
            state,
            serial: None,
            admin_retries: None,
            admin_pin_retries: None,
            pin_retries: None,
            power_cycle: None,
            key_version: None,
            kcv: None,
            unlock_seq: None,
            policy: None,
            challenge_pending: None,
            last_receipt: None,
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let map = MapWriter::new()
            .number(1, self.protocol)
            .number(2, self.state.code())
            .given(self.serial.as_ref(), |map, serial| map.text(3, serial.as_str()))
            .given(self.admin_retries, |map, tries| map.number(4, tries))
            .given(self.admin_pin_retries, |map, tries| map.number(5, tries))
            .given(self.pin_retries, |map, tries| map.number(6, tries))
            .given(self.power_cycle, |map, flag| map.flag(7, flag))
            .given(self.key_version, |map, version| map.number(8, version.get()))
            .given(self.kcv, |map, kcv| map.bytes(9, kcv.using()))
            .given(self.unlock_seq, |map, count| map.number(10, count))
            .given(self.policy.as_ref(), |map, policy| {
                map.raw(11, &policy.whole().encode())
            })
            .given(self.challenge_pending, |map, flag| map.flag(12, flag))
            .given(self.last_receipt, |map, receipt| map.bytes(13, receipt.using()));
        succeeded(&map.end())
    }

    /// Reads the whole answer.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerFault> {
        Ok(Self::of_fields(&mut super::answer::fields(answer)?)?)
    }

    fn of_fields(fields: &mut Fields<'_>) -> Result<Self, MessageFault> {
        let state: u8 = needed(fields.number(2)?, 2)?;
        let state = ManagementState::ALL.into_iter().find(|own| own.code() == state);
        let serial = fields.text(3)?.map(Serial::new).transpose();
        let version = fields
            .number::<u32>(8)?
            .map(|number| KeyVersion::new(number).ok_or(MessageFault::Invalid(8)));
        let policy = fields
            .raw(11)
            .map(|cbor| PolicyChange::of_answer(cbor, 11))
            .transpose()?;
        Ok(Self {
            protocol: needed(fields.number(1)?, 1)?,
            state: state.ok_or(MessageFault::Invalid(2))?,
            serial: serial.map_err(|_| MessageFault::Invalid(3))?,
            admin_retries: fields.number(4)?,
            admin_pin_retries: fields.number(5)?,
            pin_retries: fields.number(6)?,
            power_cycle: fields.flag(7)?,
            key_version: version.transpose()?,
            kcv: fields.array(9)?.map(Kcv::new),
            unlock_seq: fields.number(10)?,
            policy: policy.map(|policy| Policy::default().changed(policy)),
            challenge_pending: fields.flag(12)?,
            last_receipt: fields.array(13)?.map(Receipt::new),
        })
    }
}
