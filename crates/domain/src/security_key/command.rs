//! What can be asked of a key, with the facts that only the caller knows.

use super::{Generation, LinkedPolicy, RevocationReason};
use crate::{
    AdministratorId, Privilege, SerialNumber, Timestamp, UserId,
    policy::{Policy, PolicyKind},
    role::Standing,
    text::{Note, ProviderName, Reason},
    user::UserStatus,
    words::words,
};

/// An order to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Link a policy in its newest version.
    LinkPolicy(PolicyToLink),
    /// Take the policy away again.
    UnlinkPolicy,
    /// Give the key to a user.
    Assign {
        /// To whom.
        user: UserId,
        /// Whether that user may have keys.
        status: UserStatus,
        /// How that user stands to the operator.
        standing: Standing,
    },
    /// Take the key back from its user.
    Unassign {
        /// How the holder stands to the operator.
        standing: Standing,
    },
    /// Put the key aside.
    Quarantine {
        /// Why.
        reason: Reason,
    },
    /// Put the key back into stock.
    Release,
    /// Store a configuration as pending, before the key is touched.
    PrepareConfiguration(ConfigurationOrder),
    /// Make the pending configuration active, after it was read back.
    ConfirmConfiguration(ConfigurationProof),
    /// Drop the pending configuration: the key was not touched, or has been reset.
    AbandonConfiguration,
    /// Note that a newer version of the linked policy was written and read back.
    ApplyPolicy {
        /// The policy in the version that was written.
        policy: PolicyToLink,
        /// What reading it back showed.
        read_back: ReadBack,
    },
    /// Note that a credential was registered and confirmed.
    Enroll {
        /// Where it was registered.
        provider: ProviderName,
        /// Whether that identity provider is active (the product's own relying party always is).
        service: ServiceStatus,
        /// Whether the holder may use keys.
        status: UserStatus,
    },
    /// End the key for good, in this generation.
    Revoke(RevokeOrder),
    /// Pause the key.
    Suspend {
        /// How the holder stands to the operator.
        standing: Standing,
    },
    /// End the pause.
    Resume {
        /// How the holder stands to the operator.
        standing: Standing,
        /// Whether the holder may use keys.
        status: UserStatus,
    },
    /// Let the initial PIN be shown for longer.
    ExtendInitialPin {
        /// Until when.
        until: Timestamp,
    },
    /// Bring a revoked key back in a new generation.
    Reinstate(ReinstateOrder),
    /// Destroy or wipe the key, and shred its secrets.
    Dispose,
}

/// A policy that is to be linked or written, with what decides whether it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyToLink {
    pub(super) linked: LinkedPolicy,
    pub(super) kind: PolicyKind,
    pub(super) archived: bool,
}

impl PolicyToLink {
    /// The newest version of a policy.
    #[must_use]
    pub const fn of(policy: &Policy) -> Self {
        let linked = LinkedPolicy {
            id: policy.id(),
            version: policy.version(),
        };
        Self {
            linked,
            kind: policy.rules().kind(),
            archived: policy.is_archived(),
        }
    }

    /// A policy in an older version that a key has pinned; an archived policy is still written to its own keys.
    #[must_use]
    pub const fn pinned(linked: LinkedPolicy, kind: PolicyKind) -> Self {
        Self {
            linked,
            kind,
            archived: false,
        }
    }

    /// For which keys the policy is made.
    #[must_use]
    pub const fn kind(&self) -> PolicyKind {
        self.kind
    }

    /// The policy and version that will be pinned.
    #[must_use]
    pub const fn linked(&self) -> LinkedPolicy {
        self.linked
    }
}

/// What a workstation is about to write to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationOrder {
    /// The policy to be written.
    pub policy: PolicyToLink,
    /// The serial number that the key itself told.
    pub serial_seen: SerialNumber,
    /// Whether an admin PIN is part of it.
    pub admin_pin: AdminPin,
}

/// What a workstation found after writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationProof {
    /// The generation for which the configuration was prepared.
    pub generation: Generation,
    /// The serial number that the key itself told.
    pub serial_seen: SerialNumber,
    /// What reading back showed.
    pub read_back: ReadBack,
}

/// Whether a configuration holds an admin PIN, which makes the key an enterprise key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdminPin {
    /// It does.
    Held,
    /// It does not.
    Absent,
}

/// What reading back from the key showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadBack {
    /// What was written.
    Equal,
    /// Something else.
    Different,
}

/// Whether an identity provider is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceStatus {
    /// In use, or the product's own relying party.
    Active,
    /// Switched off.
    Inactive,
}

/// Why and by whom a key is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeOrder {
    /// Why.
    pub reason: RevocationReason,
    /// In the operator's words.
    pub note: Option<Note>,
    /// How the holder stands to the operator.
    pub standing: Standing,
}

/// How a revoked key comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReinstateOrder {
    /// Into which state.
    pub into: Reinstatement,
    /// How the last holder stands to the operator.
    pub standing: Standing,
    /// Whether a second person agreed.
    pub approval: Approval,
}

/// Into which state a revoked key comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reinstatement {
    /// Into stock.
    InStock,
    /// Configured again at once.
    Configured {
        /// What was written.
        order: ConfigurationOrder,
        /// What reading it back showed.
        read_back: ReadBack,
    },
}

/// Whether a second person agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Approval {
    /// Nobody was asked.
    None,
    /// One asked, another agreed.
    Given {
        /// Who asked.
        asked_by: AdministratorId,
        /// Who agreed.
        approved_by: AdministratorId,
    },
}

words! {
    /// The word for a command, without its facts.
    Verb {
        /// Link a policy.
        LinkPolicy = "link_policy",
        /// Take the policy away.
        UnlinkPolicy = "unlink_policy",
        /// Give to a user.
        Assign = "assign",
        /// Take back from the user.
        Unassign = "unassign",
        /// Put aside.
        Quarantine = "quarantine",
        /// Put back into stock.
        Release = "release",
        /// Store a pending configuration.
        PrepareConfiguration = "prepare_configuration",
        /// Make the pending configuration active.
        ConfirmConfiguration = "confirm_configuration",
        /// Drop the pending configuration.
        AbandonConfiguration = "abandon_configuration",
        /// Note a newer policy version on the key.
        ApplyPolicy = "apply_policy",
        /// Note a credential.
        Enroll = "enroll",
        /// End for good.
        Revoke = "revoke",
        /// Pause.
        Suspend = "suspend",
        /// End the pause.
        Resume = "resume",
        /// Let the initial PIN be shown for longer.
        ExtendInitialPin = "extend_initial_pin",
        /// Bring back in a new generation.
        Reinstate = "reinstate",
        /// Destroy or wipe.
        Dispose = "dispose",
        /// Remove from stock as if never imported.
        Delete = "delete",
    }
}

impl Verb {
    /// What an operator must hold to give the order.
    #[must_use]
    pub const fn privilege(self) -> Privilege {
        match self {
            Self::LinkPolicy | Self::UnlinkPolicy | Self::Quarantine | Self::Release => Privilege::StockLink,
            Self::Assign | Self::Unassign => Privilege::KeyAssign,
            Self::PrepareConfiguration
            | Self::ConfirmConfiguration
            | Self::AbandonConfiguration
            | Self::ApplyPolicy
            | Self::ExtendInitialPin => Privilege::KeyConfigure,
            Self::Enroll => Privilege::KeyEnroll,
            Self::Revoke => Privilege::KeyRevoke,
            Self::Suspend | Self::Resume => Privilege::KeySuspend,
            Self::Reinstate => Privilege::KeyReinstate,
            Self::Dispose => Privilege::KeyDispose,
            Self::Delete => Privilege::StockDelete,
        }
    }
}

impl Command {
    /// The word for the command.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::LinkPolicy(_) => Verb::LinkPolicy,
            Self::UnlinkPolicy => Verb::UnlinkPolicy,
            Self::Assign { .. } => Verb::Assign,
            Self::Unassign { .. } => Verb::Unassign,
            Self::Quarantine { .. } => Verb::Quarantine,
            Self::Release => Verb::Release,
            Self::PrepareConfiguration(_) => Verb::PrepareConfiguration,
            Self::ConfirmConfiguration(_) => Verb::ConfirmConfiguration,
            Self::AbandonConfiguration => Verb::AbandonConfiguration,
            Self::ApplyPolicy { .. } => Verb::ApplyPolicy,
            Self::Enroll { .. } => Verb::Enroll,
            Self::Revoke(_) => Verb::Revoke,
            Self::Suspend { .. } => Verb::Suspend,
            Self::Resume { .. } => Verb::Resume,
            Self::ExtendInitialPin { .. } => Verb::ExtendInitialPin,
            Self::Reinstate(_) => Verb::Reinstate,
            Self::Dispose => Verb::Dispose,
        }
    }
}
