//! The initial PIN: who may see which, and until when.

use super::{AdminPin, Cause, Secrets, SecurityKey};
use crate::{Privilege, PrivilegeSet, Timestamp, words::words};

words! {
    /// What an initial PIN opens.
    PinField {
        /// The PIN that the user changes at first use.
        UserPin = "user_pin",
        /// The PIN of admin mode.
        AdminPin = "admin_pin",
    }
}

words! {
    /// What a key's configuration makes of it.
    DeviceType {
        /// No admin PIN.
        Standard = "standard",
        /// An admin PIN is part of the configuration.
        Enterprise = "enterprise",
    }
}

/// Whether an initial PIN can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disclosure {
    /// It can.
    Available,
    /// The key has another by now; this one is shredded.
    Superseded {
        /// Since when.
        on: Timestamp,
    },
    /// Its time is over; whoever may configure can extend it.
    Hidden {
        /// Since when.
        on: Timestamp,
    },
}

impl PinField {
    /// What an operator must hold to see it.
    #[must_use]
    pub const fn privilege(self) -> Privilege {
        match self {
            Self::UserPin => Privilege::DeviceUserPinRead,
            Self::AdminPin => Privilege::DeviceAdminPinRead,
        }
    }

    /// What somebody with these privileges sees of a key of this type; empty: there is nothing to open.
    #[must_use]
    pub fn shown(device: DeviceType, privileges: PrivilegeSet) -> Vec<Self> {
        let there: &[Self] = match device {
            DeviceType::Standard => &[Self::UserPin],
            DeviceType::Enterprise => &[Self::UserPin, Self::AdminPin],
        };
        let held = there.iter().copied();
        held.filter(|field| privileges.contains(field.privilege())).collect()
    }
}

impl SecurityKey {
    /// Standard or enterprise, by the configuration that was confirmed; nothing before that and after disposal.
    #[must_use]
    pub const fn device_type(&self) -> Option<DeviceType> {
        match self.secrets {
            Secrets::Held {
                admin_pin: AdminPin::Held,
                ..
            } => Some(DeviceType::Enterprise),
            Secrets::Held {
                admin_pin: AdminPin::Absent,
                ..
            } => Some(DeviceType::Standard),
            Secrets::None | Secrets::Shredded { .. } => None,
        }
    }

    /// The initial PINs of this key that somebody with these privileges may look at.
    #[must_use]
    pub fn initial_pins(&self, privileges: PrivilegeSet) -> Vec<PinField> {
        self.device_type()
            .map_or_else(Vec::new, |device| PinField::shown(device, privileges))
    }

    /// Whether one of the initial PINs can be shown now, under a policy that hides them after so many days; nothing
    /// when the configuration holds no such PIN.
    #[must_use]
    pub fn disclosure(&self, field: PinField, days: u16, now: Timestamp) -> Option<Disclosure> {
        if !self.initial_pins(PrivilegeSet::all()).contains(&field) {
            return None;
        }
        if let Some(on) = self.superseded_on(field) {
            return Some(Disclosure::Superseded { on });
        }
        Some(match self.hidden_on(days) {
            Some(on) if on <= now => Disclosure::Hidden { on },
            _ => Disclosure::Available,
        })
    }

    /// When the initial PINs hide: so many days after the key was handed to its user, configured. Never while nobody
    /// has it.
    #[must_use]
    pub fn hidden_on(&self, days: u16) -> Option<Timestamp> {
        let (Secrets::Held { since, .. }, Some(holder)) = (self.secrets, self.holder()) else {
            return None;
        };
        let by_policy = holder.assigned_at.max(since).plus_days(i64::from(days));
        Some(self.initial_pin_until.map_or(by_policy, |until| until.max(by_policy)))
    }

    /// Whether the sealed secret of a confirmed configuration is still of use; if not, it is shredded.
    #[must_use]
    pub fn keeps(&self, field: PinField) -> bool {
        self.initial_pins(PrivilegeSet::all()).contains(&field) && self.superseded_on(field).is_none()
    }

    /// Whether the sealed secret of a pending configuration is still of use; if not, it is shredded.
    #[must_use]
    pub fn keeps_pending(&self, field: PinField) -> bool {
        self.pending.is_some_and(|pending| match field {
            PinField::UserPin => true,
            PinField::AdminPin => pending.admin_pin == AdminPin::Held,
        })
    }

    /// A reset ends both, a change of the PIN the user PIN.
    fn superseded_on(&self, field: PinField) -> Option<Timestamp> {
        let Secrets::Held { since, .. } = self.secrets else {
            return None;
        };
        let seen = &self.observation;
        let changed = seen.pin_changed_at.filter(|_| field == PinField::UserPin);
        let ends = [seen.reset_at, changed].into_iter().flatten();
        ends.filter(|at| *at > since).min()
    }

    pub(super) fn extend_initial_pin(&self, until: Timestamp, now: Timestamp) -> Result<Self, Cause> {
        if !PinField::ALL.iter().any(|field| self.keeps(*field)) {
            return Err(Cause::PinSuperseded);
        }
        let mut next = self.changed(now);
        next.initial_pin_until = Some(until);
        Ok(next)
    }
}
