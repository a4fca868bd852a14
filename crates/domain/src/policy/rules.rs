//! The checked rules of one policy version.

use super::{FieldError, PolicyDraft, RpId, draft};
use crate::FidoVersion;

/// For which keys a policy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyKind {
    /// Any CTAP2 key.
    Standard,
    /// Needs admin mode, hence at least `FIDO_2_1`.
    Enterprise,
}

impl PolicyKind {
    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Enterprise => "enterprise",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Standard, Self::Enterprise]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// Whether a key of this version can take such a policy.
    #[must_use]
    pub fn fits(self, version: &FidoVersion) -> bool {
        match self {
            Self::Standard => version.takes_standard_policies(),
            Self::Enterprise => version.takes_enterprise_policies(),
        }
    }
}

/// What PINs are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PinKind {
    /// Digits only.
    Digits,
    /// Letters, digits and signs.
    Characters,
}

impl PinKind {
    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Digits => "digits",
            Self::Characters => "characters",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Digits, Self::Characters]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// The rules of one policy version; made from a [`PolicyDraft`] only, so they are always sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRules(PolicyDraft);

impl PolicyRules {
    /// Checks every field; names all that are wrong, not only the first.
    pub fn new(draft: PolicyDraft) -> Result<Self, Vec<FieldError>> {
        draft::check(&draft)?;
        Ok(Self(draft))
    }

    /// For which keys the policy is made.
    #[must_use]
    pub const fn kind(&self) -> PolicyKind {
        self.0.kind
    }

    /// The fewest characters of a PIN, 4 to 63 (CTAP 2.1 §6.11.4).
    #[must_use]
    pub const fn min_pin_length(&self) -> u8 {
        self.0.min_pin_length
    }

    /// Whether the holder must change the PIN before first use.
    #[must_use]
    pub const fn force_pin_change(&self) -> bool {
        self.0.force_pin_change
    }

    /// Whether every use needs user verification.
    #[must_use]
    pub const fn always_uv(&self) -> bool {
        self.0.always_uv
    }

    /// Relying parties that may read the minimum PIN length.
    #[must_use]
    pub fn min_pin_length_rp_ids(&self) -> &[RpId] {
        &self.0.min_pin_length_rp_ids
    }

    /// Relying parties that the key registers with and signs for; empty means all.
    #[must_use]
    pub fn allowed_services(&self) -> &[RpId] {
        &self.0.allowed_services
    }

    /// Whether enterprise attestation is switched on.
    #[must_use]
    pub const fn enterprise_attestation(&self) -> bool {
        self.0.enterprise_attestation
    }

    /// What PINs are made of.
    #[must_use]
    pub const fn pin_kind(&self) -> PinKind {
        self.0.pin_kind
    }

    /// Whether the holder may reset the key.
    #[must_use]
    pub const fn reset_allowed(&self) -> bool {
        self.0.reset_allowed
    }

    /// How many days after assignment the initial PIN can be shown.
    #[must_use]
    pub const fn initial_pin_days(&self) -> u16 {
        self.0.initial_pin_days
    }

    /// The same as an open draft, for storage, comparison and editing.
    #[must_use]
    pub const fn as_draft(&self) -> &PolicyDraft {
        &self.0
    }
}
