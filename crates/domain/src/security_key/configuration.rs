//! Secrets of a key: whether they are held, and configurations that are being written.

use super::{
    AdminPin, Cause, ConfigurationOrder, ConfigurationProof, Generation, Holder, LinkedPolicy, ReadBack, SecurityKey,
    State,
};
use crate::Timestamp;

/// What is held of a key's secrets (the secrets themselves are stored elsewhere, sealed).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// None in this generation.
    None,
    /// Those of the confirmed configuration; kept through REVOKED, or a key with reset disabled could never be
    /// recycled.
    Held {
        /// Whether an admin PIN is among them.
        admin_pin: AdminPin,
        /// Since when.
        since: Timestamp,
    },
    /// Gone for good.
    Shredded {
        /// When.
        at: Timestamp,
    },
}

/// A configuration that is stored, but not yet confirmed to be on the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingConfiguration {
    /// For which generation.
    pub generation: Generation,
    /// The policy that is being written.
    pub policy: LinkedPolicy,
    /// Whether an admin PIN is part of it.
    pub admin_pin: AdminPin,
    /// Since when.
    pub since: Timestamp,
}

impl SecurityKey {
    /// Stores a configuration as pending; preparing again resumes with the new one.
    pub(super) fn prepare(&self, order: &ConfigurationOrder, now: Timestamp) -> Result<Self, Cause> {
        self.same_serial(&order.serial_seen)?;
        self.takes(&order.policy)?;
        self.takes_admin_pin(order)?;
        if self
            .state
            .policy()
            .is_some_and(|linked| linked.id != order.policy.linked.id)
        {
            return Err(Cause::OtherPolicy);
        }
        let mut next = self.changed(now);
        next.pending = Some(PendingConfiguration {
            generation: self.generation,
            policy: order.policy.linked,
            admin_pin: order.admin_pin,
            since: now,
        });
        Ok(next)
    }

    /// Makes the pending configuration active.
    pub(super) fn confirm(
        &self,
        proof: &ConfigurationProof,
        holder: Option<Holder>,
        now: Timestamp,
    ) -> Result<Self, Cause> {
        let pending = self.pending.ok_or(Cause::NothingPending)?;
        if proof.generation != pending.generation {
            return Err(Cause::OtherGeneration {
                current: self.generation,
            });
        }
        self.same_serial(&proof.serial_seen)?;
        equal(proof.read_back)?;
        let mut next = self.in_state(
            State::Configured {
                policy: pending.policy,
                holder,
                configured_at: now,
            },
            now,
        );
        next.hold(pending.policy, pending.admin_pin, now);
        Ok(next)
    }

    /// Drops the pending configuration.
    pub(super) fn abandon(&self, now: Timestamp) -> Result<Self, Cause> {
        if self.pending.is_none() {
            return Err(Cause::NothingPending);
        }
        let mut next = self.changed(now);
        next.pending = None;
        Ok(next)
    }

    pub(super) fn hold(&mut self, policy: LinkedPolicy, admin_pin: AdminPin, now: Timestamp) {
        self.pending = None;
        self.initial_pin_until = None;
        self.secrets = Secrets::Held { admin_pin, since: now };
        self.observation.wrote(policy.version, admin_pin, now);
    }
}

/// Refuses a configuration that was not read back as written.
pub(super) const fn equal(read_back: ReadBack) -> Result<(), Cause> {
    match read_back {
        ReadBack::Equal => Ok(()),
        ReadBack::Different => Err(Cause::ReadBackDiffers),
    }
}
