//! The flat form of a key, as storage keeps it, and the check on its way back.

use std::collections::BTreeMap;

use super::{
    Generation, Holder, IdpState, LinkedPolicy, Observation, PastGeneration, PendingConfiguration, Quarantine,
    Revocation, Secrets, SecurityKey, State, Status,
};
use crate::{BatchId, FidoVersion, Revision, SecurityKeyId, SerialNumber, Timestamp, text::DeviceName};

/// Everything that storage keeps of a key; which of the optional facts are there depends on the status.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields are those of SecurityKey and State, which say what they mean"
)]
pub struct SecurityKeyFacts {
    pub id: SecurityKeyId,
    pub revision: Revision,
    pub device_name: DeviceName,
    pub serial_number: SerialNumber,
    pub version: FidoVersion,
    pub batch: Option<BatchId>,
    pub attributes: BTreeMap<String, String>,
    pub imported_at: Timestamp,
    pub updated_at: Timestamp,
    pub first_assigned_at: Option<Timestamp>,
    pub status: Status,
    pub policy: Option<LinkedPolicy>,
    pub holder: Option<Holder>,
    pub quarantine: Option<Quarantine>,
    pub configured_at: Option<Timestamp>,
    pub enrolled_at: Option<Timestamp>,
    pub suspended_at: Option<Timestamp>,
    pub revocation: Option<Revocation>,
    pub disposed_at: Option<Timestamp>,
    pub generation: Generation,
    pub past: Vec<PastGeneration>,
    pub secrets: Secrets,
    pub pending: Option<PendingConfiguration>,
    pub initial_pin_until: Option<Timestamp>,
    pub observation: Observation,
    pub identity_provider: IdpState,
}

/// A stored fact that cannot be true beside the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field} {problem} for a key that is {status}")]
pub struct Contradiction {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
    /// The status beside which it stands.
    pub status: Status,
}

impl TryFrom<SecurityKeyFacts> for SecurityKey {
    type Error = Contradiction;

    fn try_from(mut facts: SecurityKeyFacts) -> Result<Self, Contradiction> {
        let state = facts.take_state()?;
        facts.refuse_left_over()?;
        facts.check_history(&state)?;
        Ok(Self {
            id: facts.id,
            revision: facts.revision,
            device_name: facts.device_name,
            serial_number: facts.serial_number,
            version: facts.version,
            batch: facts.batch,
            attributes: facts.attributes,
            imported_at: facts.imported_at,
            updated_at: facts.updated_at,
            first_assigned_at: facts.first_assigned_at,
            state,
            generation: facts.generation,
            past: facts.past,
            secrets: facts.secrets,
            pending: facts.pending,
            initial_pin_until: facts.initial_pin_until,
            observation: facts.observation,
            identity_provider: facts.identity_provider,
        })
    }
}

impl SecurityKeyFacts {
    /// Takes the facts that the status asks for; what it does not ask for is left over.
    fn take_state(&mut self) -> Result<State, Contradiction> {
        let status = self.status;
        Ok(match status {
            Status::InStock => State::InStock,
            Status::Ready => State::Ready {
                policy: need(&mut self.policy, "policy", status)?,
                holder: self.holder.take(),
            },
            Status::Quarantined => State::Quarantined(need(&mut self.quarantine, "quarantine", status)?),
            Status::Configured => State::Configured {
                policy: need(&mut self.policy, "policy", status)?,
                holder: self.holder.take(),
                configured_at: need(&mut self.configured_at, "configured_at", status)?,
            },
            Status::Enrolled => State::Enrolled {
                policy: need(&mut self.policy, "policy", status)?,
                holder: need(&mut self.holder, "holder", status)?,
                configured_at: need(&mut self.configured_at, "configured_at", status)?,
                enrolled_at: need(&mut self.enrolled_at, "enrolled_at", status)?,
            },
            Status::Suspended => State::Suspended {
                policy: need(&mut self.policy, "policy", status)?,
                holder: need(&mut self.holder, "holder", status)?,
                configured_at: need(&mut self.configured_at, "configured_at", status)?,
                enrolled_at: need(&mut self.enrolled_at, "enrolled_at", status)?,
                suspended_at: need(&mut self.suspended_at, "suspended_at", status)?,
            },
            Status::Revoked => State::Revoked {
                revocation: need(&mut self.revocation, "revocation", status)?,
                policy: self.policy.take(),
                holder: self.holder.take(),
            },
            Status::Disposed => State::Disposed {
                disposed_at: need(&mut self.disposed_at, "disposed_at", status)?,
                revocation: self.revocation.take(),
            },
        })
    }

    fn refuse_left_over(&self) -> Result<(), Contradiction> {
        let left = [
            ("policy", self.policy.is_some()),
            ("holder", self.holder.is_some()),
            ("quarantine", self.quarantine.is_some()),
            ("configured_at", self.configured_at.is_some()),
            ("enrolled_at", self.enrolled_at.is_some()),
            ("suspended_at", self.suspended_at.is_some()),
            ("revocation", self.revocation.is_some()),
            ("disposed_at", self.disposed_at.is_some()),
        ];
        left.iter()
            .try_for_each(|(field, there)| self.refuse_if(*there, field, "cannot be"))
    }

    fn check_history(&self, state: &State) -> Result<(), Contradiction> {
        let held = matches!(self.secrets, Secrets::Held { .. });
        let shredded = matches!(self.secrets, Secrets::Shredded { .. });
        let disposed = self.status == Status::Disposed;
        let written = matches!(self.status, Status::Configured | Status::Enrolled | Status::Suspended);
        let pending_elsewhere = self
            .pending
            .is_some_and(|pending| pending.generation != self.generation);
        let unsettled =
            self.pending.is_some() && !matches!(self.status, Status::InStock | Status::Ready | Status::Revoked);
        self.refuse_if(
            state.holder().is_some() && self.first_assigned_at.is_none(),
            "first_assigned_at",
            "is missing",
        )?;
        self.refuse_if(
            !self.past_is_in_order(),
            "past",
            "holds other generations than those before this one",
        )?;
        self.refuse_if(
            shredded != disposed && (shredded || held),
            "secrets",
            "cannot be as they are",
        )?;
        self.refuse_if(written && !held, "secrets", "are missing")?;
        self.refuse_if(pending_elsewhere, "pending", "is of another generation")?;
        self.refuse_if(unsettled, "pending", "cannot be")
    }

    fn past_is_in_order(&self) -> bool {
        let before = self.generation.get().saturating_sub(1);
        self.past.iter().map(|past| past.generation.get()).eq(1..=before)
    }

    fn refuse_if(&self, wrong: bool, field: &'static str, problem: &'static str) -> Result<(), Contradiction> {
        if wrong {
            Err(Contradiction {
                field,
                problem,
                status: self.status,
            })
        } else {
            Ok(())
        }
    }
}

fn need<T>(fact: &mut Option<T>, field: &'static str, status: Status) -> Result<T, Contradiction> {
    fact.take().ok_or(Contradiction {
        field,
        problem: "is missing",
        status,
    })
}

impl From<SecurityKey> for SecurityKeyFacts {
    fn from(key: SecurityKey) -> Self {
        let status = key.state.status();
        let (policy, holder) = (key.state.policy(), key.state.holder());
        let mut facts = Self {
            id: key.id,
            revision: key.revision,
            device_name: key.device_name,
            serial_number: key.serial_number,
            version: key.version,
            batch: key.batch,
            attributes: key.attributes,
            imported_at: key.imported_at,
            updated_at: key.updated_at,
            first_assigned_at: key.first_assigned_at,
            status,
            policy,
            holder,
            quarantine: None,
            configured_at: None,
            enrolled_at: None,
            suspended_at: None,
            revocation: None,
            disposed_at: None,
            generation: key.generation,
            past: key.past,
            secrets: key.secrets,
            pending: key.pending,
            initial_pin_until: key.initial_pin_until,
            observation: key.observation,
            identity_provider: key.identity_provider,
        };
        facts.spread(key.state);
        facts
    }
}

impl SecurityKeyFacts {
    fn spread(&mut self, state: State) {
        match state {
            State::InStock | State::Ready { .. } => {}
            State::Quarantined(quarantine) => self.quarantine = Some(quarantine),
            State::Configured { configured_at, .. } => self.configured_at = Some(configured_at),
            State::Enrolled {
                configured_at,
                enrolled_at,
                ..
            } => {
                (self.configured_at, self.enrolled_at) = (Some(configured_at), Some(enrolled_at));
            }
            State::Suspended {
                configured_at,
                enrolled_at,
                suspended_at,
                ..
            } => {
                (self.configured_at, self.enrolled_at) = (Some(configured_at), Some(enrolled_at));
                self.suspended_at = Some(suspended_at);
            }
            State::Revoked { revocation, .. } => self.revocation = Some(revocation),
            State::Disposed {
                disposed_at,
                revocation,
            } => {
                (self.disposed_at, self.revocation) = (Some(disposed_at), revocation);
            }
        }
    }
}
