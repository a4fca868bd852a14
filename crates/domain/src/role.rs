//! Roles: named sets of privileges, and who stands above whom.

mod custom;

pub use custom::{CustomRole, Role, RoleRefusal};

use crate::privilege::{Privilege as P, PrivilegeSet};

/// The roles that every tenant has; custom ones are made beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltInRole {
    /// Everything; two or more people are advised.
    Owner,
    /// Runs the tenant; sees no PIN and makes no tenants.
    Administrator,
    /// Runs keys, policies and OTP tokens.
    DeviceServiceAdministrator,
    /// Searches, verifies callers, unlocks and resynchronises; no PINs, no export.
    HelpDesk,
    /// Receives deliveries; sees no users.
    Warehouse,
    /// Keeps users and hands keys to them.
    UserAdministrator,
    /// Reads everything and the audit log; no PINs.
    Auditor,
    /// Looks only.
    ViewOnly,
    /// The program that talks to keys.
    Workstation,
    /// A login system that asks whether codes are right.
    Verifier,
}

impl BuiltInRole {
    /// Every built-in role, the most powerful first.
    pub const ALL: [Self; 10] = [
        Self::Owner,
        Self::Administrator,
        Self::DeviceServiceAdministrator,
        Self::HelpDesk,
        Self::Warehouse,
        Self::UserAdministrator,
        Self::Auditor,
        Self::ViewOnly,
        Self::Workstation,
        Self::Verifier,
    ];

    /// The name on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::DeviceServiceAdministrator => "device_service_administrator",
            Self::HelpDesk => "help_desk",
            Self::Warehouse => "warehouse",
            Self::UserAdministrator => "user_administrator",
            Self::Auditor => "auditor",
            Self::ViewOnly => "view_only",
            Self::Workstation => "workstation",
            Self::Verifier => "verifier",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether the role is meant for programs, hence for API tokens and not for people.
    #[must_use]
    pub const fn is_for_programs(self) -> bool {
        matches!(self, Self::Workstation | Self::Verifier)
    }

    /// What the role allows.
    #[must_use]
    pub const fn privileges(self) -> PrivilegeSet {
        match self {
            Self::Owner => PrivilegeSet::all(),
            Self::Administrator => PrivilegeSet::all().without(ADMINISTRATOR_LACKS),
            Self::DeviceServiceAdministrator => DEVICE_SERVICE,
            Self::HelpDesk => HELP_DESK,
            Self::Warehouse => WAREHOUSE,
            Self::UserAdministrator => USER_ADMINISTRATOR,
            Self::Auditor => AUDITOR,
            Self::ViewOnly => VIEW_ONLY,
            Self::Workstation => WORKSTATION,
            Self::Verifier => PrivilegeSet::of(&[P::OtpVerify]),
        }
    }
}

// The programs' privileges are his too, or he could make no API tokens for them.
const ADMINISTRATOR_LACKS: PrivilegeSet =
    PrivilegeSet::of(&[P::DeviceUserPinRead, P::DeviceAdminPinRead, P::TenantWrite]);

const DEVICE_SERVICE: PrivilegeSet = PrivilegeSet::of(&[
    P::InventoryRead,
    P::StockImport,
    P::StockLink,
    P::StockDelete,
    P::KeyAssign,
    P::KeyConfigure,
    P::KeyEnroll,
    P::KeyRevoke,
    P::KeySuspend,
    P::KeyReinstate,
    P::KeyDispose,
    P::Export,
    P::PolicyRead,
    P::PolicyWrite,
    P::JobRead,
    P::UserRead,
    P::Downloads,
    P::Unlock,
    P::VerifyCaller,
    P::OtpRead,
    P::OtpSupport,
    P::OtpWrite,
]);

const HELP_DESK: PrivilegeSet = PrivilegeSet::of(&[
    P::InventoryRead,
    P::PolicyRead,
    P::UserRead,
    P::Unlock,
    P::VerifyCaller,
    P::OtpRead,
    P::OtpSupport,
]);

const WAREHOUSE: PrivilegeSet = PrivilegeSet::of(&[
    P::InventoryRead,
    P::StockImport,
    P::StockLink,
    P::StockDelete,
    P::PolicyRead,
    P::JobRead,
]);

const USER_ADMINISTRATOR: PrivilegeSet = PrivilegeSet::of(&[
    P::InventoryRead,
    P::KeyAssign,
    P::PolicyRead,
    P::JobRead,
    P::UserRead,
    P::UserWrite,
    P::OtpRead,
]);

const AUDITOR: PrivilegeSet = PrivilegeSet::of(&[
    P::InventoryRead,
    P::Export,
    P::PolicyRead,
    P::AuditRead,
    P::JobRead,
    P::UserRead,
    P::RoleRead,
    P::AdministratorRead,
    P::ApiTokenRead,
    P::TenantRead,
    P::SettingsRead,
    P::OtpRead,
]);

const VIEW_ONLY: PrivilegeSet =
    PrivilegeSet::of(&[P::InventoryRead, P::PolicyRead, P::JobRead, P::UserRead, P::OtpRead]);

const WORKSTATION: PrivilegeSet = PrivilegeSet::of(&[
    P::InventoryRead,
    P::PolicyRead,
    P::KeyConfigure,
    P::KeyEnroll,
    P::Observe,
]);

/// How the person acted upon stands to the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The operator holds every privilege that the other holds: he may act.
    NotAbove,
    /// The other holds a privilege that the operator lacks: he may not act, or he could become the other.
    Above,
}

impl Standing {
    /// Compares the operator's privileges with those of the person acted upon; users who work in no console hold none.
    #[must_use]
    pub const fn between(operator: PrivilegeSet, other: PrivilegeSet) -> Self {
        if operator.covers(other) {
            Self::NotAbove
        } else {
            Self::Above
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::privilege::Privilege;

    #[test]
    fn the_role_matrix_is_the_reviewed_one() {
        let mark = |held| if held { "x" } else { "." };
        let line = |head: &str, cells: [String; 10]| format!("{head:22} {}", cells.join(" ")).trim_end().to_owned();
        let mut lines = vec![line("", BuiltInRole::ALL.map(|role| format!("{:9.9}", role.as_str())))];
        for privilege in Privilege::ALL {
            let cells = BuiltInRole::ALL.map(|role| format!("{:9}", mark(role.privileges().contains(*privilege))));
            lines.push(line(privilege.as_str(), cells));
        }
        let table = lines.join("\n");
        insta::assert_snapshot!("role_matrix", table);
    }

    #[test]
    fn only_the_owner_sees_pins() {
        for role in BuiltInRole::ALL {
            let sees =
                role.privileges().contains(P::DeviceUserPinRead) || role.privileges().contains(P::DeviceAdminPinRead);
            assert_eq!(sees, role == BuiltInRole::Owner, "{}", role.as_str());
        }
    }

    #[test]
    fn equals_may_act_on_each_other_and_nobody_on_those_with_more() {
        let [owner, administrator, helpdesk] =
            [BuiltInRole::Owner, BuiltInRole::Administrator, BuiltInRole::HelpDesk].map(BuiltInRole::privileges);
        assert_eq!(Standing::between(administrator, administrator), Standing::NotAbove);
        assert_eq!(Standing::between(owner, administrator), Standing::NotAbove);
        assert_eq!(Standing::between(administrator, owner), Standing::Above);
        assert_eq!(Standing::between(helpdesk, PrivilegeSet::EMPTY), Standing::NotAbove);
    }

    #[test]
    fn every_role_name_reads_back() {
        for role in BuiltInRole::ALL {
            assert_eq!(BuiltInRole::parse(role.as_str()), Some(role));
        }
        assert_eq!(BuiltInRole::parse("emperor"), None);
    }
}
