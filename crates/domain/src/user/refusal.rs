//! Why a user refuses a command.

use super::{Command, UserStatus};

/// Why a user refuses a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserRefusal {
    /// Disabling a user who is disabled.
    #[error("this user is disabled already")]
    AlreadyDisabled,
    /// Enabling a user who is active.
    #[error("this user is active already")]
    AlreadyActive,
}

impl UserRefusal {
    /// The state that refused.
    #[must_use]
    pub const fn state(self) -> &'static str {
        match self {
            Self::AlreadyDisabled => UserStatus::Disabled.as_str(),
            Self::AlreadyActive => UserStatus::Active.as_str(),
        }
    }

    /// The command that was refused.
    #[must_use]
    pub const fn command(self) -> &'static str {
        match self {
            Self::AlreadyDisabled => Command::Disable.as_str(),
            Self::AlreadyActive => Command::Enable.as_str(),
        }
    }
}
