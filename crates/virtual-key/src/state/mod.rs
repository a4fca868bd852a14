//! What a key remembers without power. All of it is one value, written as one file.

mod credential;
mod management;
mod pin;
mod settings;

use claviger_ctap::wire::large_blobs::EMPTY_ARRAY;
use minicbor::{Decode, Encode};

use crate::Machine;
use crate::crypto::CredentialId;
use crate::secret::Secret;

pub use credential::Credential;
pub use management::{ADMIN_PIN_TRIES, ADMIN_TRIES, Management};
pub use pin::{PIN_TRIES, Pin};
pub use settings::{Policy, Settings};

/// The state of a key.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub struct State {
    /// What the key is called, 1–32 ASCII bytes; never changes.
    #[n(0)]
    pub serial: String,
    /// From this the credentials' keys are derived; a reset makes it anew.
    #[n(1)]
    pub master: Secret<32>,
    /// Signatures made so far; never goes back, not even at a reset.
    #[n(2)]
    pub signatures: u32,
    /// The user's PIN; absent until the first is set.
    #[n(3)]
    pub pin: Option<Pin>,
    /// Tries left for the PIN.
    #[n(4)]
    pub pin_retries: u8,
    /// Discoverable credentials, oldest first.
    #[n(5)]
    pub credentials: Vec<Credential>,
    /// What `authenticatorConfig` changes.
    #[n(6)]
    pub settings: Settings,
    /// The serialised large-blob array, with its checksum (CTAP §6.10.2).
    #[cbor(n(7), with = "minicbor::bytes")]
    pub large_blobs: Vec<u8>,
    /// Unlocks so far; never goes back, and outlives resets and releases.
    #[n(8)]
    pub unlock_seq: u32,
    /// The organisation's hold on the key.
    #[n(9)]
    pub management: Option<Management>,
    /// The highest version that a management key of this device had; never goes back, and outlives resets and releases.
    #[cbor(n(10), default)]
    pub last_key_version: u32,
}

impl State {
    /// A key as it leaves the factory.
    #[must_use]
    pub fn new(serial: &str, machine: &mut dyn Machine) -> Self {
        Self {
            serial: serial.to_owned(),
            master: Secret::random(machine),
            signatures: 0,
            pin: None,
            pin_retries: PIN_TRIES,
            credentials: Vec::new(),
            settings: Settings::default(),
            large_blobs: EMPTY_ARRAY.to_vec(),
            unlock_seq: 0,
            management: None,
            last_key_version: 0,
        }
    }

    /// The key after `authenticatorReset` (CTAP §6.6): nothing of the user's is left. What the organisation put there
    /// stays (managed-key protocol §3), and no counter goes back.
    #[must_use]
    pub fn after_reset(&self, machine: &mut dyn Machine) -> Self {
        let mut fresh = Self::new(&self.serial, machine);
        fresh.signatures = self.signatures;
        fresh.unlock_seq = self.unlock_seq;
        fresh.last_key_version = self.last_key_version;
        fresh.management.clone_from(&self.management);
        if let Some(management) = &self.management {
            fresh.settings.obey(&management.policy);
        }
        fresh
    }

    /// The highest version that a management key of this device had. States of earlier programs know the present one alone.
    pub(crate) fn highest_key_version(&self) -> u32 {
        let present = self.management.as_ref().map_or(0, |management| management.key_version);
        self.last_key_version.max(present)
    }

    /// The key is nobody's again. Which versions were used is remembered.
    pub(crate) fn release(&mut self) {
        self.last_key_version = self.highest_key_version();
        self.management = None;
    }

    /// Makes the next signature's count. It saturates: a count that began anew would look like a clone.
    pub(crate) const fn count_signature(&mut self) -> u32 {
        self.signatures = self.signatures.saturating_add(1);
        self.signatures
    }

    /// A PIN that is shorter than the minimum has to be changed (CTAP §6.11.4).
    pub(crate) fn force_change_of_short_pin(&mut self) {
        let least = self.settings.min_pin_length;
        self.settings.force_pin_change |= self.pin.as_ref().is_some_and(|pin| pin.length < least);
    }

    /// The credential with this id, when the key has it for this relying party. One that was discoverable and is no longer
    /// in the list was deleted.
    pub(crate) fn credential_id(&self, rp_id: &str, id: &[u8]) -> Option<CredentialId> {
        let opened = CredentialId::open(&self.master, rp_id, id)?;
        let is_here = !opened.parts.is_discoverable || self.credentials.iter().any(|own| own.id == id);
        is_here.then_some(opened)
    }

    /// Whether the key registers with this relying party and signs for it.
    pub(crate) fn serves(&self, rp_id: &str) -> bool {
        let allowed = self
            .management
            .as_ref()
            .map(|management| &management.policy.allowed_rp_ids);
        allowed.is_none_or(|allowed| allowed.is_empty() || allowed.iter().any(|own| own == rp_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Still;

    #[test]
    fn a_state_from_before_versions_were_remembered_is_still_read() {
        let mut state = State::new("4711", &mut Still::default());
        state.last_key_version = 5;
        let mut bytes = minicbor::to_vec(&state).unwrap();
        assert!(bytes.ends_with(&[10, 5]), "the last entry");
        bytes.truncate(bytes.len() - 2);
        bytes[0] -= 1;
        let old: State = minicbor::decode(&bytes).unwrap();
        assert_eq!((old.serial.as_str(), old.last_key_version), ("4711", 0));
    }
}
