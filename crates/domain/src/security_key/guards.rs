//! The conditions under which a command that its state allows is still refused.

use super::{
    AdminPin, Approval, Cause, ConfigurationOrder, IdpState, PolicyToLink, RevocationReason, SecurityKey, ServiceStatus,
};
use crate::{SerialNumber, Timestamp, policy::PolicyKind, role::Standing, user::UserStatus};

impl SecurityKey {
    /// No configuration is half written: its secrets may already be on the key.
    pub(super) const fn settled(&self) -> Result<(), Cause> {
        if self.pending.is_some() {
            Err(Cause::ConfigurationPending)
        } else {
            Ok(())
        }
    }

    /// The policy is on offer and fits the key's version.
    pub(super) fn takes(&self, policy: &PolicyToLink) -> Result<(), Cause> {
        if policy.archived {
            return Err(Cause::PolicyArchived);
        }
        if policy.kind.fits(&self.version) {
            Ok(())
        } else {
            Err(Cause::PolicyDoesNotFit { kind: policy.kind })
        }
    }

    /// An admin PIN comes with an enterprise policy, and only on keys that have admin mode.
    pub(super) fn takes_admin_pin(&self, order: &ConfigurationOrder) -> Result<(), Cause> {
        match order.admin_pin {
            AdminPin::Absent if order.policy.kind == PolicyKind::Enterprise => Err(Cause::AdminPinNeeded),
            AdminPin::Held if !self.version.takes_enterprise_policies() => Err(Cause::NoAdminMode),
            AdminPin::Absent | AdminPin::Held => Ok(()),
        }
    }

    /// The key at the workstation is this one.
    pub(super) fn same_serial(&self, seen: &SerialNumber) -> Result<(), Cause> {
        if self.serial_number.matches(seen) {
            Ok(())
        } else {
            Err(Cause::OtherSerial)
        }
    }

    /// The holder has no credential that would outlive his holding.
    pub(super) const fn without_credentials(&self) -> Result<(), Cause> {
        if self.identity_provider.may_hold_credential() {
            Err(Cause::HasCredentials)
        } else {
            Ok(())
        }
    }

    /// The key was reset after it was revoked.
    pub(super) fn reset_since(&self, revoked_at: Timestamp) -> Result<(), Cause> {
        if self.observation.reset_at.is_some_and(|reset| reset >= revoked_at) {
            Ok(())
        } else {
            Err(Cause::ResetNotProven)
        }
    }

    /// No credential of the last generation is accepted any more.
    pub(super) const fn removed_everywhere(&self) -> Result<(), Cause> {
        match self.identity_provider {
            IdpState::RemovalPending { .. } | IdpState::RemovalFailed { .. } => Err(Cause::StillAcceptedElsewhere),
            IdpState::None
            | IdpState::Pending { .. }
            | IdpState::Present { .. }
            | IdpState::Failed { .. }
            | IdpState::Removed { .. } => Ok(()),
        }
    }
}

pub(super) const fn active(status: UserStatus) -> Result<(), Cause> {
    match status {
        UserStatus::Active => Ok(()),
        UserStatus::Disabled => Err(Cause::UserDisabled),
    }
}

pub(super) const fn in_use(service: ServiceStatus) -> Result<(), Cause> {
    match service {
        ServiceStatus::Active => Ok(()),
        ServiceStatus::Inactive => Err(Cause::ProviderInactive),
    }
}

pub(super) const fn not_above(standing: Standing) -> Result<(), Cause> {
    match standing {
        Standing::NotAbove => Ok(()),
        Standing::Above => Err(Cause::HolderAbove),
    }
}

pub(super) fn agreed(reason: RevocationReason, approval: Approval) -> Result<(), Cause> {
    match approval {
        Approval::Given { asked_by, approved_by } if asked_by == approved_by => Err(Cause::OwnApproval),
        Approval::None if reason.needs_second_person() => Err(Cause::SecondPersonNeeded { reason }),
        Approval::Given { .. } | Approval::None => Ok(()),
    }
}
