//! Reading a key: its facts, and the words that screens make of them.

use std::collections::BTreeMap;

use super::{
    AdminSecret, DeviceType, Generation, Holder, IdpState, LinkedPolicy, Observation, PastGeneration,
    PendingConfiguration, PinState, Secrets, SecurityKey, State, Status,
};
use crate::{
    BatchId, FidoVersion, Revision, SecurityKeyId, SerialNumber, Timestamp, policy::PolicyVersion, text::DeviceName,
    words::words,
};

words! {
    /// Who rules the key; observed, never set.
    Mode {
        /// Our admin secret is held for this generation and was last verified on the key.
        Managed = "managed",
        /// No admin secret is known to be on it.
        Unmanaged = "unmanaged",
        /// Somebody else set an admin secret: admin actions are refused.
        Foreign = "foreign",
    }
}

words! {
    /// Where screens list the key.
    Tab {
        /// IN STOCK, READY and QUARANTINED without a holder.
        Stocks = "stocks",
        /// All else.
        Inventory = "inventory",
        /// DISPOSED: hidden unless asked for.
        Hidden = "hidden",
    }
}

/// How the policy on the key differs from the one it should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Not at all, as far as is known.
    None,
    /// The policy has a newer version than the one pinned.
    Outdated {
        /// The version that the key has.
        pinned: PolicyVersion,
        /// The newest one.
        current: PolicyVersion,
    },
    /// A workstation saw another version than the one pinned.
    Diverged {
        /// The version that the key should have.
        pinned: PolicyVersion,
        /// The version that was seen.
        observed: PolicyVersion,
    },
}

impl SecurityKey {
    /// Which key.
    #[must_use]
    pub const fn id(&self) -> SecurityKeyId {
        self.id
    }

    /// Rises with every change.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// What kind of key it is.
    #[must_use]
    pub const fn device_name(&self) -> &DeviceName {
        &self.device_name
    }

    /// Unique in the tenant.
    #[must_use]
    pub const fn serial_number(&self) -> &SerialNumber {
        &self.serial_number
    }

    /// The highest FIDO version it speaks.
    #[must_use]
    pub const fn version(&self) -> &FidoVersion {
        &self.version
    }

    /// The batch it came with.
    #[must_use]
    pub const fn batch(&self) -> Option<BatchId> {
        self.batch
    }

    /// Unknown columns of the file it came with.
    #[must_use]
    pub const fn attributes(&self) -> &BTreeMap<String, String> {
        &self.attributes
    }

    /// When it came into stock.
    #[must_use]
    pub const fn imported_at(&self) -> Timestamp {
        self.imported_at
    }

    /// When it was last changed.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }

    /// When it was first given to anybody.
    #[must_use]
    pub const fn first_assigned_at(&self) -> Option<Timestamp> {
        self.first_assigned_at
    }

    /// What the organisation decided.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The word for the state.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.state.status()
    }

    /// The policy and the version pinned.
    #[must_use]
    pub const fn policy(&self) -> Option<LinkedPolicy> {
        self.state.policy()
    }

    /// Who has it, or had it when it was revoked.
    #[must_use]
    pub const fn holder(&self) -> Option<Holder> {
        self.state.holder()
    }

    /// Which life of the hardware.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// The lives that ended, oldest first.
    #[must_use]
    pub fn past(&self) -> &[PastGeneration] {
        &self.past
    }

    /// What is held of its secrets.
    #[must_use]
    pub const fn secrets(&self) -> Secrets {
        self.secrets
    }

    /// The configuration that is being written.
    #[must_use]
    pub const fn pending(&self) -> Option<PendingConfiguration> {
        self.pending
    }

    /// What a workstation last saw.
    #[must_use]
    pub const fn observation(&self) -> &Observation {
        &self.observation
    }

    /// What the identity provider last said.
    #[must_use]
    pub const fn identity_provider(&self) -> &IdpState {
        &self.identity_provider
    }

    /// Who rules the key.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        match self.observation.admin_secret {
            AdminSecret::Foreign => Mode::Foreign,
            AdminSecret::Verified if matches!(self.device_type(), Some(DeviceType::Enterprise)) => Mode::Managed,
            AdminSecret::Verified | AdminSecret::Unknown | AdminSecret::Absent => Mode::Unmanaged,
        }
    }

    /// Whether the holder is locked out: the PIN was last seen blocked on a key in use.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.observation.pin == PinState::Blocked && matches!(self.status(), Status::Configured | Status::Enrolled)
    }

    /// Where screens list it.
    #[must_use]
    pub const fn tab(&self) -> Tab {
        match &self.state {
            State::InStock | State::Ready { holder: None, .. } | State::Quarantined(_) => Tab::Stocks,
            State::Disposed { .. } => Tab::Hidden,
            State::Ready { .. }
            | State::Configured { .. }
            | State::Enrolled { .. }
            | State::Suspended { .. }
            | State::Revoked { .. } => Tab::Inventory,
        }
    }

    /// How the key's policy differs from the newest version of it, `current`. A revoked key has no drift.
    #[must_use]
    pub fn drift(&self, current: PolicyVersion) -> Drift {
        let on_hardware = match self.status() {
            Status::Ready => None,
            Status::Configured | Status::Enrolled | Status::Suspended => self.observation.policy_version,
            Status::InStock | Status::Quarantined | Status::Revoked | Status::Disposed => return Drift::None,
        };
        let Some(LinkedPolicy { version: pinned, .. }) = self.policy() else {
            return Drift::None;
        };
        match on_hardware {
            Some(observed) if observed != pinned => Drift::Diverged { pinned, observed },
            _ if pinned < current => Drift::Outdated { pinned, current },
            _ => Drift::None,
        }
    }
}
