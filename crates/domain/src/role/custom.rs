//! Roles that a tenant makes for itself. Nobody makes, changes or removes one that allows what he may not do himself.

use super::{BuiltInRole, Standing};
use crate::{PrivilegeSet, Revision, RoleId, Timestamp, text::RoleName};

/// A role: built in, or made by a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Comes with the product.
    BuiltIn(BuiltInRole),
    /// Made by the tenant.
    Custom(CustomRole),
}

/// A role that a tenant made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    id: RoleId,
    revision: Revision,
    name: RoleName,
    privileges: PrivilegeSet,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Why a custom role is not made, changed or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoleRefusal {
    /// A built-in role has the name.
    #[error("this name belongs to a built-in role")]
    Reserved,
    /// A role that allows nothing is a mistake.
    #[error("choose at least one privilege")]
    Empty,
    /// The operator would hand out, change or take away what he does not hold.
    #[error("the role holds privileges that the operator lacks")]
    AboveOperator,
    /// Somebody or some program still holds it.
    #[error("the role is in use")]
    InUse,
}

impl Role {
    /// Its name on the wire and in storage.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.as_str(),
            Self::Custom(role) => role.name.as_str(),
        }
    }

    /// What it allows.
    #[must_use]
    pub const fn privileges(&self) -> PrivilegeSet {
        match self {
            Self::BuiltIn(role) => role.privileges(),
            Self::Custom(role) => role.privileges,
        }
    }

    /// Whether it is meant for programs alone.
    #[must_use]
    pub const fn is_for_programs(&self) -> bool {
        match self {
            Self::BuiltIn(role) => role.is_for_programs(),
            Self::Custom(_) => false,
        }
    }
}

impl CustomRole {
    /// Makes a role.
    ///
    /// # Errors
    /// [`RoleRefusal`].
    pub fn make(
        operator: PrivilegeSet,
        id: RoleId,
        name: RoleName,
        privileges: PrivilegeSet,
        now: Timestamp,
    ) -> Result<Self, RoleRefusal> {
        judge(operator, &name, privileges)?;
        Ok(Self {
            id,
            revision: Revision::FIRST,
            name,
            privileges,
            created_at: now,
            updated_at: now,
        })
    }

    /// Names it anew and exchanges what it allows.
    ///
    /// # Errors
    /// [`RoleRefusal`]; the operator has to hold what it allowed before and what it is to allow.
    pub fn change(
        &self,
        operator: PrivilegeSet,
        name: RoleName,
        privileges: PrivilegeSet,
        now: Timestamp,
    ) -> Result<Self, RoleRefusal> {
        within(operator, self.privileges)?;
        judge(operator, &name, privileges)?;
        Ok(Self {
            id: self.id,
            revision: self.revision.next(),
            name,
            privileges,
            created_at: self.created_at,
            updated_at: now,
        })
    }

    /// Whether it may be removed, given how many hold it.
    ///
    /// # Errors
    /// [`RoleRefusal::AboveOperator`], [`RoleRefusal::InUse`].
    pub const fn remove(&self, operator: PrivilegeSet, holders: u64) -> Result<(), RoleRefusal> {
        match within(operator, self.privileges) {
            Ok(()) if holders > 0 => Err(RoleRefusal::InUse),
            judged => judged,
        }
    }

    /// A role as it was stored.
    #[must_use]
    pub const fn stored(
        id: RoleId,
        revision: Revision,
        name: RoleName,
        privileges: PrivilegeSet,
        [created_at, updated_at]: [Timestamp; 2],
    ) -> Self {
        Self {
            id,
            revision,
            name,
            privileges,
            created_at,
            updated_at,
        }
    }

    /// Which role.
    #[must_use]
    pub const fn id(&self) -> RoleId {
        self.id
    }

    /// Rises with every change.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Its name, unique in the tenant whatever the case.
    #[must_use]
    pub const fn name(&self) -> &RoleName {
        &self.name
    }

    /// What it allows.
    #[must_use]
    pub const fn privileges(&self) -> PrivilegeSet {
        self.privileges
    }

    /// When it was made.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When it was last changed.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}

fn judge(operator: PrivilegeSet, name: &RoleName, privileges: PrivilegeSet) -> Result<(), RoleRefusal> {
    if is_reserved(name) {
        return Err(RoleRefusal::Reserved);
    }
    if privileges == PrivilegeSet::EMPTY {
        return Err(RoleRefusal::Empty);
    }
    within(operator, privileges)
}

const fn within(operator: PrivilegeSet, privileges: PrivilegeSet) -> Result<(), RoleRefusal> {
    match Standing::between(operator, privileges) {
        Standing::NotAbove => Ok(()),
        Standing::Above => Err(RoleRefusal::AboveOperator),
    }
}

/// Built-in names are reserved however they are spelt: "Help Desk" must not be taken for `help_desk`.
fn is_reserved(name: &RoleName) -> bool {
    let spelt: String = name
        .folded()
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    BuiltInRole::ALL
        .into_iter()
        .any(|role| role.as_str().replace('_', "") == spelt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Privilege;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn id() -> RoleId {
        RoleId::from_uuid(uuid::Uuid::from_u128(1))
    }

    fn make(operator: PrivilegeSet, name: &str, privileges: &[Privilege]) -> Result<CustomRole, RoleRefusal> {
        let name = RoleName::new(name).unwrap();
        CustomRole::make(operator, id(), name, PrivilegeSet::of(privileges), NOW)
    }

    #[test]
    fn built_in_names_are_reserved_however_they_are_spelt() {
        for name in [
            "owner",
            "OWNER",
            "Help Desk",
            "help-desk",
            "Device Service Administrator",
        ] {
            let made = make(PrivilegeSet::all(), name, &[Privilege::Export]);
            assert_eq!(made, Err(RoleRefusal::Reserved), "{name}");
        }
        assert!(make(PrivilegeSet::all(), "Owner of nothing", &[Privilege::Export]).is_ok());
    }

    #[test]
    fn a_role_allows_something() {
        assert_eq!(make(PrivilegeSet::all(), "Idle", &[]), Err(RoleRefusal::Empty));
    }

    #[test]
    fn a_role_that_somebody_holds_stays() {
        let role = make(PrivilegeSet::all(), "Night shift", &[Privilege::Unlock]).unwrap();
        assert_eq!(role.remove(PrivilegeSet::all(), 1), Err(RoleRefusal::InUse));
        assert_eq!(role.remove(PrivilegeSet::all(), 0), Ok(()));
        assert_eq!(role.remove(PrivilegeSet::EMPTY, 0), Err(RoleRefusal::AboveOperator));
    }

    fn sets() -> impl Strategy<Value = PrivilegeSet> {
        proptest::sample::subsequence(Privilege::ALL.to_vec(), 0..=Privilege::ALL.len())
            .prop_map(|some| some.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nobody_makes_changes_or_removes_what_he_does_not_hold(operator in sets(), before in sets(), after in sets()) {
            let name = || RoleName::new("Night shift").unwrap();
            let made = CustomRole::make(operator, id(), name(), after, NOW);
            prop_assert_eq!(made.is_ok(), operator.covers(after) && after != PrivilegeSet::EMPTY);
            let held = CustomRole::stored(id(), Revision::FIRST, name(), before, [NOW, NOW]);
            let changed = held.change(operator, name(), after, NOW);
            prop_assert_eq!(
                changed.is_ok(),
                operator.covers(before) && operator.covers(after) && after != PrivilegeSet::EMPTY
            );
            prop_assert_eq!(held.remove(operator, 0).is_ok(), operator.covers(before));
        }
    }
}
