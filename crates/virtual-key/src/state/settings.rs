//! What an authenticator can be told to demand, and what an organisation wants it to demand.

use minicbor::{Decode, Encode};

/// The shortest PIN in code points (CTAP §6.5.1: at least 4).
const SHORTEST_PIN: u8 = 4;

/// What `authenticatorConfig` changes (CTAP §6.11).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Settings {
    /// The shortest PIN that is taken, in code points.
    #[n(0)]
    pub min_pin_length: u8,
    /// Relying parties that are told the minimum.
    #[n(1)]
    pub min_pin_rp_ids: Vec<String>,
    /// No token until the PIN was changed.
    #[n(2)]
    pub force_pin_change: bool,
    /// Verify the user always.
    #[n(3)]
    pub always_uv: bool,
    /// Enterprise attestation may be asked for.
    #[n(4)]
    pub enterprise_attestation: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_pin_length: SHORTEST_PIN,
            min_pin_rp_ids: Vec::new(),
            force_pin_change: false,
            always_uv: false,
            enterprise_attestation: false,
        }
    }
}

impl Settings {
    /// Takes over what the policy demands. A user's own longer minimum stays: enrolment does not loosen a key.
    pub(crate) fn obey(&mut self, policy: &Policy) {
        self.min_pin_length = self.min_pin_length.max(policy.min_pin_length);
        self.min_pin_rp_ids.clone_from(&policy.rp_ids);
        self.always_uv |= policy.always_uv;
        self.enterprise_attestation |= policy.enterprise_attestation;
    }

    /// Whether these settings demand less than the policy, or tell fewer relying parties than it wants told.
    pub(crate) fn weaken(&self, policy: &Policy) -> bool {
        let is_told = |rp_id| self.min_pin_rp_ids.contains(rp_id);
        self.min_pin_length < policy.min_pin_length
            || !policy.rp_ids.iter().all(is_told)
            || policy.always_uv && !self.always_uv
    }
}

/// An organisation's policy (managed-key protocol §3, operation 13).
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, as the protocol names them"
)]
pub struct Policy {
    /// Minimum PIN length.
    #[n(0)]
    pub min_pin_length: u8,
    /// Relying parties that are told it.
    #[n(1)]
    pub rp_ids: Vec<String>,
    /// Verify the user always.
    #[n(2)]
    pub always_uv: bool,
    /// Enterprise attestation.
    #[n(3)]
    pub enterprise_attestation: bool,
    /// `authenticatorReset` is refused.
    #[n(4)]
    pub reset_disabled: bool,
    /// An unlock needs a PIN whose tries are used up.
    #[n(5)]
    pub unlock_only_when_blocked: bool,
    /// The services that the key registers with and signs for; empty means all.
    #[n(6)]
    pub allowed_rp_ids: Vec<String>,
}
