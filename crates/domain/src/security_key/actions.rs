//! Deleting from stock, and which orders a key would take now.

use super::{
    AdminPin, Approval, Cause, Command, ConfigurationOrder, ConfigurationProof, LinkedPolicy, PolicyToLink, ReadBack,
    Refusal, ReinstateOrder, Reinstatement, RevocationReason, RevokeOrder, SecurityKey, ServiceStatus, State, Verb,
};
use crate::{
    AdministratorId, PolicyId, PrivilegeSet, SecurityKeyId, SerialNumber, UserId,
    policy::{PolicyKind, PolicyVersion},
    role::Standing,
    text::{DeviceName, ProviderName, Reason},
    user::UserStatus,
};
use uuid::Uuid;

/// What is left of a deleted key, for the audit log; its serial number may come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Which key it was.
    pub id: SecurityKeyId,
    /// What it was called.
    pub device_name: DeviceName,
    /// Its serial number.
    pub serial_number: SerialNumber,
}

impl SecurityKey {
    /// Deletes a key from stock as if it had never come; only one that was never in anybody's hands.
    pub fn delete(&self) -> Result<Tombstone, Refusal> {
        self.may_go()
            .map_err(|cause| Refusal::new(self.state.status(), Verb::Delete, cause))?;
        Ok(Tombstone {
            id: self.id,
            device_name: self.device_name.clone(),
            serial_number: self.serial_number.clone(),
        })
    }

    fn may_go(&self) -> Result<(), Cause> {
        match &self.state {
            State::InStock | State::Ready { holder: None, .. } => {}
            State::Ready { holder: Some(_), .. } => return Err(Cause::HasHolder),
            State::Quarantined(_)
            | State::Configured { .. }
            | State::Enrolled { .. }
            | State::Suspended { .. }
            | State::Revoked { .. }
            | State::Disposed { .. } => return Err(Cause::State),
        }
        if self.first_assigned_at.is_some() {
            return Err(Cause::EverAssigned);
        }
        if !self.past.is_empty() {
            return Err(Cause::HasHistory);
        }
        self.settled()
    }

    /// The orders that this key would take now from somebody with these privileges, if all outside facts are
    /// favourable (the user active, the policy fitting, a second person agreeing …) and its holder stands so to him.
    #[must_use]
    pub fn allowed_actions(&self, privileges: PrivilegeSet, holder: Standing) -> Vec<Verb> {
        let held = Verb::ALL
            .iter()
            .copied()
            .filter(|verb| privileges.contains(verb.privilege()));
        held.filter(|verb| match self.favourable(*verb, holder) {
            Some(command) => self.apply(&command, self.updated_at).is_ok(),
            None => self.delete().is_ok(),
        })
        .collect()
    }

    /// A command with facts that no guard minds, but for how the holder stands; deleting is no command.
    fn favourable(&self, verb: Verb, standing: Standing) -> Option<Command> {
        let status = UserStatus::Active;
        Some(match verb {
            Verb::LinkPolicy => Command::LinkPolicy(probe_policy(None)),
            Verb::UnlinkPolicy => Command::UnlinkPolicy,
            Verb::Assign => Command::Assign {
                user: UserId::from_uuid(Uuid::nil()),
                status,
                // Of whom it is to be assigned to.
                standing: Standing::NotAbove,
            },
            Verb::Unassign => Command::Unassign { standing },
            Verb::Quarantine => Command::Quarantine {
                reason: Reason::new("probe").ok()?,
            },
            Verb::Release => Command::Release,
            Verb::PrepareConfiguration => Command::PrepareConfiguration(self.probe_order()),
            Verb::ConfirmConfiguration => Command::ConfirmConfiguration(ConfigurationProof {
                generation: self.generation,
                serial_seen: self.serial_number.clone(),
                read_back: ReadBack::Equal,
            }),
            Verb::AbandonConfiguration => Command::AbandonConfiguration,
            Verb::ApplyPolicy => Command::ApplyPolicy {
                policy: probe_policy(self.state.policy()),
                read_back: ReadBack::Equal,
            },
            Verb::Enroll => Command::Enroll {
                provider: ProviderName::new("probe").ok()?,
                service: ServiceStatus::Active,
                status,
            },
            Verb::Revoke => Command::Revoke(RevokeOrder {
                reason: RevocationReason::Other,
                note: None,
                standing,
            }),
            Verb::Suspend => Command::Suspend { standing },
            Verb::Resume => Command::Resume { standing, status },
            Verb::ExtendInitialPin => Command::ExtendInitialPin { until: self.updated_at },
            Verb::Reinstate => Command::Reinstate(ReinstateOrder {
                into: Reinstatement::InStock,
                standing,
                approval: probe_approval(),
            }),
            Verb::Dispose => Command::Dispose,
            Verb::Delete => return None,
        })
    }

    fn probe_order(&self) -> ConfigurationOrder {
        ConfigurationOrder {
            policy: probe_policy(self.state.policy()),
            serial_seen: self.serial_number.clone(),
            admin_pin: AdminPin::Absent,
        }
    }
}

fn probe_policy(linked: Option<LinkedPolicy>) -> PolicyToLink {
    let none = LinkedPolicy {
        id: PolicyId::from_uuid(Uuid::nil()),
        version: PolicyVersion::FIRST,
    };
    PolicyToLink::pinned(linked.unwrap_or(none), PolicyKind::Standard)
}

const fn probe_approval() -> Approval {
    Approval::Given {
        asked_by: AdministratorId::from_uuid(Uuid::nil()),
        approved_by: AdministratorId::from_uuid(Uuid::max()),
    }
}
