//! What a workstation last saw on a key.

use uuid::Uuid;

use super::{AdminPin, SecurityKey};
use crate::{Timestamp, policy::PolicyVersion, text::Firmware, words::words};

words! {
    /// How the key's PIN stands.
    PinState {
        /// Never looked at.
        Unknown = "unknown",
        /// No PIN is set.
        Unset = "unset",
        /// A PIN is set and can be tried.
        Set = "set",
        /// Three wrong tries in a row: the key wants to be unplugged and plugged in again (CTAP 2.1 §6.5.5.7).
        ReplugNeeded = "replug_needed",
        /// All tries used up.
        Blocked = "blocked",
    }
}

words! {
    /// Whether our admin secret is on the key.
    AdminSecret {
        /// Never looked at.
        Unknown = "unknown",
        /// The key has none.
        Absent = "absent",
        /// Ours was verified.
        Verified = "verified",
        /// Somebody else set one.
        Foreign = "foreign",
    }
}

/// The model of a key: Authenticator Attestation Globally Unique Identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aaguid(pub Uuid);

impl std::fmt::Display for Aaguid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// What was last seen; empty until a workstation reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// When the key was last seen.
    pub last_seen_at: Option<Timestamp>,
    /// How its PIN stood.
    pub pin: PinState,
    /// The policy version that it carried.
    pub policy_version: Option<PolicyVersion>,
    /// Its firmware.
    pub firmware: Option<Firmware>,
    /// Its model.
    pub aaguid: Option<Aaguid>,
    /// Whether our admin secret was on it.
    pub admin_secret: AdminSecret,
    /// When a reset was last proven.
    pub reset_at: Option<Timestamp>,
    /// When the PIN was last seen changed.
    pub pin_changed_at: Option<Timestamp>,
}

impl Default for Observation {
    fn default() -> Self {
        Self {
            last_seen_at: None,
            pin: PinState::Unknown,
            policy_version: None,
            firmware: None,
            aaguid: None,
            admin_secret: AdminSecret::Unknown,
            reset_at: None,
            pin_changed_at: None,
        }
    }
}

/// What one look at a key told; what was not looked at is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How the PIN stands.
    pub pin: Option<PinState>,
    /// The policy version on the key.
    pub policy_version: Option<PolicyVersion>,
    /// The firmware.
    pub firmware: Option<Firmware>,
    /// The model.
    pub aaguid: Option<Aaguid>,
    /// Whether our admin secret is there.
    pub admin_secret: Option<AdminSecret>,
    /// Set when the key proved that it was reset.
    pub reset: Option<Timestamp>,
    /// Set when the PIN was seen to be another.
    pub pin_changed: Option<Timestamp>,
}

impl Observation {
    fn merge(&mut self, report: &Report, seen_at: Timestamp) {
        if report.reset.is_some() {
            // A reset wipes all of it (CTAP 2.1 §6.6); the rest of the report says what came after.
            self.reset_at = report.reset;
            self.pin = PinState::Unset;
            self.policy_version = None;
            self.admin_secret = AdminSecret::Absent;
        }
        self.last_seen_at = Some(seen_at);
        if self.pin == PinState::Blocked && report.pin == Some(PinState::Set) {
            // Tries come back with a new PIN only: an unlock sets one, and a reset (above) leaves none.
            self.pin_changed_at = Some(seen_at);
        }
        self.pin = report.pin.unwrap_or(self.pin);
        self.policy_version = report.policy_version.or(self.policy_version);
        self.firmware = report.firmware.clone().or_else(|| self.firmware.take());
        self.aaguid = report.aaguid.or(self.aaguid);
        self.admin_secret = report.admin_secret.unwrap_or(self.admin_secret);
        self.pin_changed_at = report.pin_changed.or(self.pin_changed_at);
    }

    /// After a configuration was read back as written, the key is known to carry it.
    pub(super) fn wrote(&mut self, version: PolicyVersion, admin_pin: AdminPin, now: Timestamp) {
        self.last_seen_at = Some(now);
        self.policy_version = Some(version);
        self.admin_secret = match admin_pin {
            AdminPin::Held => AdminSecret::Verified,
            AdminPin::Absent => AdminSecret::Absent,
        };
    }
}

impl SecurityKey {
    /// Notes what a workstation saw; the record state stays. A look older than the last one changes nothing, so that
    /// reports may arrive in any order.
    #[must_use]
    pub fn observe(&self, report: &Report, seen_at: Timestamp) -> Self {
        if self.observation.last_seen_at.is_some_and(|last| seen_at < last) {
            return self.clone();
        }
        let mut next = self.changed(self.updated_at.max(seen_at));
        next.observation.merge(report, seen_at);
        next
    }
}
