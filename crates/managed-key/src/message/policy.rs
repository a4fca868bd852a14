//! What a managed key demands of its user.

use super::MessageFault;
use super::cbor::{Fields, MapWriter};

/// The whole policy of a key. The default is what holds where an enrolment names nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, as the protocol numbers them"
)]
pub struct Policy {
    /// The shortest PIN, in code points: 4 to 63.
    pub min_pin_length: u8,
    /// Services that may ask for that length.
    pub rp_ids: Vec<String>,
    /// The user has to change the PIN before anything else.
    pub force_pin_change: bool,
    /// Every use needs user verification.
    pub always_uv: bool,
    /// Enterprise attestation is on.
    pub enterprise_attestation: bool,
    /// `authenticatorReset` is refused.
    pub reset_disabled: bool,
    /// An unlock is refused while tries are left.
    pub unlock_only_when_blocked: bool,
    /// The only services that the key works with; empty for all.
    pub allowed_rp_ids: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            min_pin_length: 4,
            rp_ids: Vec::new(),
            force_pin_change: false,
            always_uv: false,
            enterprise_attestation: false,
            reset_disabled: false,
            unlock_only_when_blocked: true,
            allowed_rp_ids: Vec::new(),
        }
    }
}

impl Policy {
    /// The policy with what a change names.
    #[must_use]
    pub fn changed(self, change: PolicyChange) -> Self {
        Self {
            min_pin_length: change.min_pin_length.unwrap_or(self.min_pin_length),
            rp_ids: change.rp_ids.unwrap_or(self.rp_ids),
            force_pin_change: change.force_pin_change.unwrap_or(self.force_pin_change),
            always_uv: change.always_uv.unwrap_or(self.always_uv),
            enterprise_attestation: change.enterprise_attestation.unwrap_or(self.enterprise_attestation),
            reset_disabled: change.reset_disabled.unwrap_or(self.reset_disabled),
            unlock_only_when_blocked: change.unlock_only_when_blocked.unwrap_or(self.unlock_only_when_blocked),
            allowed_rp_ids: change.allowed_rp_ids.unwrap_or(self.allowed_rp_ids),
        }
    }

    /// The change that names all of it.
    #[must_use]
    pub fn whole(&self) -> PolicyChange {
        PolicyChange {
            min_pin_length: Some(self.min_pin_length),
            rp_ids: Some(self.rp_ids.clone()),
            force_pin_change: Some(self.force_pin_change),
            always_uv: Some(self.always_uv),
            enterprise_attestation: Some(self.enterprise_attestation),
            reset_disabled: Some(self.reset_disabled),
            unlock_only_when_blocked: Some(self.unlock_only_when_blocked),
            allowed_rp_ids: Some(self.allowed_rp_ids.clone()),
        }
    }
}

/// A part of a policy: what is not named stays as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PolicyChange {
    /// See [`Policy::min_pin_length`].
    pub min_pin_length: Option<u8>,
    /// See [`Policy::rp_ids`].
    pub rp_ids: Option<Vec<String>>,
    /// See [`Policy::force_pin_change`].
    pub force_pin_change: Option<bool>,
    /// See [`Policy::always_uv`].
    pub always_uv: Option<bool>,
    /// See [`Policy::enterprise_attestation`].
    pub enterprise_attestation: Option<bool>,
    /// See [`Policy::reset_disabled`].
    pub reset_disabled: Option<bool>,
    /// See [`Policy::unlock_only_when_blocked`].
    pub unlock_only_when_blocked: Option<bool>,
    /// See [`Policy::allowed_rp_ids`].
    pub allowed_rp_ids: Option<Vec<String>>,
}

impl PolicyChange {
    /// The change as canonical CBOR: operation 13's parameters.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        MapWriter::new()
            .given(self.min_pin_length, |map, length| map.number(1, length))
            .given(self.rp_ids.as_deref(), |map, ids| map.texts(2, ids))
            .given(self.force_pin_change, |map, flag| map.flag(3, flag))
            .given(self.always_uv, |map, flag| map.flag(4, flag))
            .given(self.enterprise_attestation, |map, flag| map.flag(5, flag))
            .given(self.reset_disabled, |map, flag| map.flag(6, flag))
            .given(self.unlock_only_when_blocked, |map, flag| map.flag(7, flag))
            .given(self.allowed_rp_ids.as_deref(), |map, ids| map.texts(8, ids))
            .end()
    }

    /// Reads a part of a policy from canonical CBOR. A rule that is not known is refused: a key must not seem to keep it.
    pub(super) fn of_field(cbor: &[u8], field: u8) -> Result<Self, MessageFault> {
        let mut fields = Fields::read(cbor, field)?;
        let change = Self::known(&mut fields)?;
        fields.none_left()?;
        Ok(change)
    }

    /// Reads what a key tells of its policy. A rule that is not known is left alone: it is of a later revision.
    pub(super) fn of_answer(cbor: &[u8], field: u8) -> Result<Self, MessageFault> {
        Self::known(&mut Fields::read(cbor, field)?)
    }

    fn known(fields: &mut Fields<'_>) -> Result<Self, MessageFault> {
        let change = Self {
            min_pin_length: fields.number(1)?,
            rp_ids: fields.texts(2)?,
            force_pin_change: fields.flag(3)?,
            always_uv: fields.flag(4)?,
            enterprise_attestation: fields.flag(5)?,
            reset_disabled: fields.flag(6)?,
            unlock_only_when_blocked: fields.flag(7)?,
            allowed_rp_ids: fields.texts(8)?,
        };
        if change.min_pin_length.is_some_and(|length| !(4..=63).contains(&length)) {
            return Err(MessageFault::Invalid(1));
        }
        Ok(change)
    }
}
