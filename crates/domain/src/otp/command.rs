//! What may be ordered of a token.

use crate::{Privilege, PrivilegeSet, UserId, text::Reason, user::UserStatus};

/// An order, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Give it to a user.
    Assign,
    /// Take it from its user.
    Unassign,
    /// Believe its codes no more for now.
    Disable,
    /// Believe its codes again.
    Enable,
    /// Devalue it for good.
    Compromise,
    /// Find its counter or clock again from two codes.
    Resync,
    /// Try codes again after too many wrong ones.
    Unlock,
    /// Try a code.
    Test,
}

impl Verb {
    /// Every order, as in menus.
    pub const ALL: [Self; 8] = [
        Self::Assign,
        Self::Unassign,
        Self::Disable,
        Self::Enable,
        Self::Resync,
        Self::Unlock,
        Self::Test,
        Self::Compromise,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Unassign => "unassign",
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::Compromise => "compromise",
            Self::Resync => "resync",
            Self::Unlock => "unlock",
            Self::Test => "test",
        }
    }

    /// Reads the word on the wire.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.as_str() == word)
    }

    /// Whether one who holds these may order it.
    #[must_use]
    pub const fn is_allowed(self, privileges: PrivilegeSet) -> bool {
        let helps = match self {
            Self::Disable | Self::Enable | Self::Resync | Self::Unlock | Self::Test => true,
            Self::Assign | Self::Unassign | Self::Compromise => false,
        };
        privileges.contains(Privilege::OtpWrite) || helps && privileges.contains(Privilege::OtpSupport)
    }
}

/// An order with all that it needs. Resynchronising and trying a code need the seed and stand apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Give it to a user; its failures are forgotten.
    Assign {
        /// To whom.
        user: UserId,
        /// Whether he may be given anything.
        status: UserStatus,
    },
    /// Take it from its user; its failures are forgotten, its counter is not.
    Unassign,
    /// Believe its codes no more for now.
    Disable {
        /// How many other tokens of its holder are active.
        other_active: u64,
    },
    /// Believe its codes again.
    Enable,
    /// Devalue it for good.
    Compromise {
        /// Why.
        reason: Reason,
    },
    /// Try codes again after too many wrong ones.
    Unlock,
}

impl Command {
    /// The order in a word.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Assign { .. } => Verb::Assign,
            Self::Unassign => Verb::Unassign,
            Self::Disable { .. } => Verb::Disable,
            Self::Enable => Verb::Enable,
            Self::Compromise { .. } => Verb::Compromise,
            Self::Unlock => Verb::Unlock,
        }
    }
}
