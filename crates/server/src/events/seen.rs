//! Who may hear of what: a change is told to those who may read the thing that changed.

use claviger_domain::{Privilege, PrivilegeSet};
use claviger_store::Change;

/// The right to read a kind of thing, by the name that changes have for it.
fn wanted(kind: &str) -> Option<Privilege> {
    Some(match kind {
        "security_key" | "import" => Privilege::InventoryRead,
        "policy" => Privilege::PolicyRead,
        "job" => Privilege::JobRead,
        "user" => Privilege::UserRead,
        "settings" | "radius_client" => Privilege::SettingsRead,
        "tenant" => Privilege::TenantRead,
        "role" => Privilege::RoleRead,
        "administrator" | "passkey" | "session" => Privilege::AdministratorRead,
        "api_token" => Privilege::ApiTokenRead,
        "otp_token" => Privilege::OtpRead,
        "download" => Privilege::Downloads,
        // What is not listed here has to do with keys until somebody lists it.
        _ => return None,
    })
}

/// Every privilege that lets hear of something.
const READING: [Privilege; 11] = [
    Privilege::InventoryRead,
    Privilege::PolicyRead,
    Privilege::JobRead,
    Privilege::UserRead,
    Privilege::SettingsRead,
    Privilege::TenantRead,
    Privilege::RoleRead,
    Privilege::AdministratorRead,
    Privilege::ApiTokenRead,
    Privilege::Downloads,
    Privilege::OtpRead,
];

/// Whether somebody with these privileges may hear of anything at all.
#[must_use]
pub fn hears(privileges: PrivilegeSet) -> bool {
    READING.iter().any(|privilege| privileges.contains(*privilege))
}

/// Those of the changes that somebody with these privileges may hear of.
#[must_use]
pub fn seen(changes: &[Change], privileges: PrivilegeSet) -> Vec<Change> {
    let may = |change: &&Change| privileges.contains(wanted(change.kind).unwrap_or(Privilege::InventoryRead));
    changes.iter().filter(may).cloned().collect()
}

#[cfg(test)]
mod tests {
    use claviger_domain::BuiltInRole;
    use uuid::Uuid;

    use super::*;

    fn heard(role: BuiltInRole, kind: &'static str) -> bool {
        let change = Change {
            kind,
            id: Uuid::nil(),
            revision: 1,
        };
        !seen(&[change], role.privileges()).is_empty()
    }

    #[test]
    fn a_change_is_told_to_those_who_may_read_what_changed() {
        for (role, kind, told) in [
            (BuiltInRole::Owner, "api_token", true),
            (BuiltInRole::Warehouse, "security_key", true),
            (BuiltInRole::Warehouse, "user", false),
            (BuiltInRole::Warehouse, "administrator", false),
            (BuiltInRole::HelpDesk, "job", false),
            (BuiltInRole::Workstation, "something new", true),
            (BuiltInRole::Verifier, "something new", false),
        ] {
            assert_eq!(heard(role, kind), told, "{role:?} {kind}");
        }
    }

    #[test]
    fn whoever_hears_of_nothing_has_nothing_to_listen_to() {
        for role in BuiltInRole::ALL {
            assert_eq!(hears(role.privileges()), role != BuiltInRole::Verifier, "{role:?}");
        }
    }
}
