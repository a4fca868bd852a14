//! Policies: what is to be written to a key, in numbered versions.

mod change;
mod draft;
mod rp_id;
mod rules;

pub use change::{Edited, PolicyRefusal, Usage};
pub use draft::{FieldError, PolicyDraft};
pub use rp_id::{InvalidRpId, RpId};
pub use rules::{PinKind, PolicyKind, PolicyRules};

use crate::{FidoVersion, PolicyId, Revision, Timestamp, text::PolicyName};

/// Which edition of a policy; starts at 1 and rises with every edit while keys use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyVersion(u32);

impl PolicyVersion {
    /// The version of a policy just made.
    pub const FIRST: Self = Self(1);

    /// Takes a stored number; versions start at 1.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The version after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl std::fmt::Display for PolicyVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A policy in its newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    id: PolicyId,
    revision: Revision,
    name: PolicyName,
    version: PolicyVersion,
    rules: PolicyRules,
    archived_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Everything that storage keeps of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFacts {
    /// Which policy.
    pub id: PolicyId,
    /// Rises with every change.
    pub revision: Revision,
    /// Unique in the tenant, whatever the case.
    pub name: PolicyName,
    /// The newest version.
    pub version: PolicyVersion,
    /// The rules of that version.
    pub rules: PolicyRules,
    /// When it was archived, unless it is offered for linking.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Policy {
    /// A new policy in its first version.
    #[must_use]
    pub const fn create(id: PolicyId, name: PolicyName, rules: PolicyRules, now: Timestamp) -> Self {
        Self {
            id,
            revision: Revision::FIRST,
            name,
            version: PolicyVersion::FIRST,
            rules,
            archived_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The policy that storage kept.
    #[must_use]
    pub fn from_facts(facts: PolicyFacts) -> Self {
        let PolicyFacts {
            id,
            revision,
            name,
            version,
            rules,
            archived_at,
            created_at,
            updated_at,
        } = facts;
        Self {
            id,
            revision,
            name,
            version,
            rules,
            archived_at,
            created_at,
            updated_at,
        }
    }

    /// Which policy.
    #[must_use]
    pub const fn id(&self) -> PolicyId {
        self.id
    }

    /// Rises with every change.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Unique in the tenant, whatever the case.
    #[must_use]
    pub const fn name(&self) -> &PolicyName {
        &self.name
    }

    /// The newest version.
    #[must_use]
    pub const fn version(&self) -> PolicyVersion {
        self.version
    }

    /// The rules of the newest version.
    #[must_use]
    pub const fn rules(&self) -> &PolicyRules {
        &self.rules
    }

    /// When it was archived, unless it is offered for linking.
    #[must_use]
    pub const fn archived_at(&self) -> Option<Timestamp> {
        self.archived_at
    }

    /// Whether it is archived: kept for its keys, offered for linking no more.
    #[must_use]
    pub const fn is_archived(&self) -> bool {
        self.archived_at.is_some()
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

    /// Whether a key of this version can take the policy.
    #[must_use]
    pub fn fits(&self, version: &FidoVersion) -> bool {
        self.rules.kind().fits(version)
    }
}
