//! What may be done with a policy that exists.

use super::{Policy, PolicyRules};
use crate::{Timestamp, text::PolicyName};

/// Whether any key is linked with the policy, in any version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usage {
    /// No key is linked with it.
    Unused,
    /// This many keys are linked with it.
    InUse(u64),
}

impl Usage {
    /// From a count of linked keys.
    #[must_use]
    pub const fn from_count(keys: u64) -> Self {
        if keys == 0 { Self::Unused } else { Self::InUse(keys) }
    }
}

/// What an edit led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// It was so already.
    Unchanged(Policy),
    /// The newest version was changed in place (no key uses it), or only the name.
    InPlace(Policy),
    /// A new version was made; linked keys keep theirs and show drift.
    NewVersion(Policy),
}

impl Edited {
    /// The policy after the edit.
    #[must_use]
    pub fn into_policy(self) -> Policy {
        match self {
            Self::Unchanged(policy) | Self::InPlace(policy) | Self::NewVersion(policy) => policy,
        }
    }
}

/// Why a policy is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// Deleting would leave keys without their policy.
    #[error("{keys} keys use this policy; archive it, or unlink the keys first")]
    InUse {
        /// How many keys are linked with it.
        keys: u64,
    },
    /// A key that took a standard policy may not take an enterprise one.
    #[error("{keys} keys use this policy, so its type stays; make a new policy for the other type")]
    KindInUse {
        /// How many keys are linked with it.
        keys: u64,
    },
    /// An archived policy is history.
    #[error("this policy is archived; restore it first")]
    Archived,
    /// Archiving twice changes nothing.
    #[error("this policy is archived already; nothing was changed")]
    AlreadyArchived,
    /// Restoring what is not archived changes nothing.
    #[error("this policy is not archived; nothing was changed")]
    NotArchived,
}

impl PolicyRefusal {
    /// The word on the wire for what was tried.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::InUse { .. } => "delete",
            Self::KindInUse { .. } | Self::Archived => "edit",
            Self::AlreadyArchived => "archive",
            Self::NotArchived => "restore",
        }
    }

    /// The word on the wire for how the policy stands.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Self::InUse { .. } | Self::KindInUse { .. } => "in_use",
            Self::Archived | Self::AlreadyArchived => "archived",
            Self::NotArchived => "active",
        }
    }
}

impl Policy {
    /// Changes name and rules. Rules of a policy in use become a new version, so that its keys keep what was written
    /// to them; a mere renaming does not.
    pub fn edit(
        &self,
        name: PolicyName,
        rules: PolicyRules,
        usage: Usage,
        now: Timestamp,
    ) -> Result<Edited, PolicyRefusal> {
        if self.is_archived() {
            return Err(PolicyRefusal::Archived);
        }
        let same_rules = self.rules == rules;
        if same_rules && self.name == name {
            return Ok(Edited::Unchanged(self.clone()));
        }
        let edited = Self {
            name,
            revision: self.revision.next(),
            updated_at: now,
            ..self.clone()
        };
        match usage {
            Usage::InUse(keys) if self.rules.kind() != rules.kind() => Err(PolicyRefusal::KindInUse { keys }),
            Usage::InUse(_) if !same_rules => Ok(Edited::NewVersion(Self {
                rules,
                version: self.version.next(),
                ..edited
            })),
            Usage::InUse(_) | Usage::Unused => Ok(Edited::InPlace(Self { rules, ..edited })),
        }
    }

    /// Takes the policy out of the lists from which keys are linked; its keys keep it.
    pub fn archive(&self, now: Timestamp) -> Result<Self, PolicyRefusal> {
        if self.is_archived() {
            return Err(PolicyRefusal::AlreadyArchived);
        }
        Ok(Self {
            archived_at: Some(now),
            revision: self.revision.next(),
            updated_at: now,
            ..self.clone()
        })
    }

    /// Offers an archived policy again.
    pub fn restore(&self, now: Timestamp) -> Result<Self, PolicyRefusal> {
        if !self.is_archived() {
            return Err(PolicyRefusal::NotArchived);
        }
        Ok(Self {
            archived_at: None,
            revision: self.revision.next(),
            updated_at: now,
            ..self.clone()
        })
    }

    /// Whether the policy may go; only while no key is linked with it.
    pub const fn delete(&self, usage: Usage) -> Result<(), PolicyRefusal> {
        match usage {
            Usage::Unused => Ok(()),
            Usage::InUse(keys) => Err(PolicyRefusal::InUse { keys }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        PolicyId,
        policy::{PolicyDraft, PolicyKind, PolicyVersion},
    };
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);
    const LATER: Timestamp = Timestamp::from_seconds(2_000);

    fn rules(min_pin_length: u8) -> PolicyRules {
        PolicyRules::new(PolicyDraft {
            min_pin_length,
            ..PolicyDraft::default()
        })
        .unwrap()
    }

    fn name(text: &str) -> PolicyName {
        PolicyName::new(text).unwrap()
    }

    fn policy() -> Policy {
        Policy::create(PolicyId::from_uuid(Uuid::from_u128(1)), name("Staff"), rules(6), NOW)
    }

    #[test]
    fn an_unused_policy_is_edited_in_place() {
        let Edited::InPlace(edited) = policy().edit(name("Staff"), rules(8), Usage::Unused, LATER).unwrap() else {
            panic!("not in place")
        };
        assert_eq!(
            (edited.version(), edited.rules().min_pin_length()),
            (PolicyVersion::FIRST, 8)
        );
        assert_eq!((edited.revision().get(), edited.updated_at()), (2, LATER));
    }

    #[test]
    fn rules_of_a_policy_in_use_become_a_new_version() {
        let Edited::NewVersion(edited) = policy().edit(name("Staff"), rules(8), Usage::InUse(3), LATER).unwrap() else {
            panic!("no new version")
        };
        assert_eq!(edited.version().get(), 2);
    }

    #[test]
    fn a_new_name_makes_no_new_version() {
        let Edited::InPlace(edited) = policy().edit(name("All"), rules(6), Usage::InUse(3), LATER).unwrap() else {
            panic!("not in place")
        };
        assert_eq!(
            (edited.version(), edited.name().as_str()),
            (PolicyVersion::FIRST, "All")
        );
    }

    #[test]
    fn the_same_again_changes_nothing() {
        assert_eq!(
            policy().edit(name("Staff"), rules(6), Usage::InUse(3), LATER),
            Ok(Edited::Unchanged(policy()))
        );
    }

    #[test]
    fn the_type_of_a_policy_in_use_stays() {
        let enterprise = PolicyRules::new(PolicyDraft {
            kind: PolicyKind::Enterprise,
            ..PolicyDraft::default()
        })
        .unwrap();
        assert_eq!(
            policy().edit(name("Staff"), enterprise.clone(), Usage::InUse(3), LATER),
            Err(PolicyRefusal::KindInUse { keys: 3 })
        );
        assert!(policy().edit(name("Staff"), enterprise, Usage::Unused, LATER).is_ok());
    }

    #[test]
    fn a_policy_in_use_is_archived_but_not_deleted() {
        assert_eq!(policy().delete(Usage::InUse(1)), Err(PolicyRefusal::InUse { keys: 1 }));
        assert_eq!(policy().delete(Usage::Unused), Ok(()));
        let archived = policy().archive(LATER).unwrap();
        assert_eq!(archived.archived_at(), Some(LATER));
        assert_eq!(archived.archive(LATER), Err(PolicyRefusal::AlreadyArchived));
        assert_eq!(
            archived.edit(name("x"), rules(6), Usage::Unused, LATER),
            Err(PolicyRefusal::Archived)
        );
        assert!(!archived.restore(LATER).unwrap().is_archived());
        assert_eq!(policy().restore(LATER), Err(PolicyRefusal::NotArchived));
    }
}
