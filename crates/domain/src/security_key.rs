//! The life of a security key: states that carry their facts, and the one function that changes them.

mod actions;
mod apply;
mod command;
mod configuration;
mod decide;
mod facts;
mod guards;
mod identity_provider;
mod initial_pin;
mod observation;
mod refusal;
mod state;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

pub use actions::Tombstone;
pub use command::{
    AdminPin, Approval, Command, ConfigurationOrder, ConfigurationProof, PolicyToLink, ReadBack, ReinstateOrder,
    Reinstatement, RevokeOrder, ServiceStatus, Verb,
};
pub use configuration::{PendingConfiguration, Secrets};
pub use facts::{Contradiction, SecurityKeyFacts};
pub use identity_provider::{CredentialSeen, IdpState, Removal};
pub use initial_pin::{DeviceType, Disclosure, PinField};
pub use observation::{Aaguid, AdminSecret, Observation, PinState, Report};
pub use refusal::{Cause, Refusal};
pub use state::{
    Generation, Holder, LinkedPolicy, PastGeneration, Quarantine, Revocation, RevocationReason, State, Status,
};
pub use view::{Drift, Mode, Tab};

use crate::{BatchId, FidoVersion, Revision, SecurityKeyId, SerialNumber, Timestamp, text::DeviceName};

/// A security key. Three things are kept apart: what the organisation decided ([`State`]), what a workstation last
/// saw ([`Observation`]) and what the identity provider last said ([`IdpState`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityKey {
    id: SecurityKeyId,
    revision: Revision,
    device_name: DeviceName,
    serial_number: SerialNumber,
    version: FidoVersion,
    batch: Option<BatchId>,
    attributes: BTreeMap<String, String>,
    imported_at: Timestamp,
    updated_at: Timestamp,
    first_assigned_at: Option<Timestamp>,
    state: State,
    generation: Generation,
    past: Vec<PastGeneration>,
    secrets: Secrets,
    pending: Option<PendingConfiguration>,
    initial_pin_until: Option<Timestamp>,
    observation: Observation,
    identity_provider: IdpState,
}

/// What an import knows of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSecurityKey {
    /// The id that it shall have.
    pub id: SecurityKeyId,
    /// What kind of key it is.
    pub device_name: DeviceName,
    /// Unique in the tenant.
    pub serial_number: SerialNumber,
    /// The highest FIDO version it speaks.
    pub version: FidoVersion,
    /// The batch it came with.
    pub batch: Option<BatchId>,
    /// The file's unknown columns.
    pub attributes: BTreeMap<String, String>,
}

impl SecurityKey {
    /// A key that comes into stock.
    #[must_use]
    pub fn import(new: NewSecurityKey, now: Timestamp) -> Self {
        Self {
            id: new.id,
            revision: Revision::FIRST,
            device_name: new.device_name,
            serial_number: new.serial_number,
            version: new.version,
            batch: new.batch,
            attributes: new.attributes,
            imported_at: now,
            updated_at: now,
            first_assigned_at: None,
            state: State::InStock,
            generation: Generation::FIRST,
            past: Vec::new(),
            secrets: Secrets::None,
            pending: None,
            initial_pin_until: None,
            observation: Observation::default(),
            identity_provider: IdpState::None,
        }
    }
}
