//! Why an order was refused, in words that name the remedy.

use super::{Status, Verb};

/// A refused order: the token is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{obstacle}")]
pub struct Refusal {
    /// Where the token stands.
    pub status: Status,
    /// What was ordered.
    pub verb: Verb,
    /// What stood in the way.
    pub obstacle: Obstacle,
}

/// What stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// Nothing leaves this status.
    #[error("this token is compromised for good")]
    Compromised,
    /// Only taking it back and devaluing it are left.
    #[error("this token has expired")]
    Expired,
    /// It has to be enabled first.
    #[error("this token is disabled; enable it first")]
    Disabled,
    /// The same holder again changes nothing.
    #[error("this user has the token already; nothing was changed")]
    AlreadyAssigned,
    /// Another user has it.
    #[error("another user has this token; unassign it first")]
    OtherHolder,
    /// Nobody has it.
    #[error("nobody has this token")]
    NoHolder,
    /// The user may not be given tokens.
    #[error("this user is disabled; enable the user first, or choose another")]
    UserDisabled,
    /// The operator stands below the holder.
    #[error("the user of this token holds privileges that you lack; ask somebody who holds them")]
    HolderAbove,
    /// Disabling it would leave the user without one.
    #[error("the user's last active token")]
    LastActive,
    /// Disabling it twice changes nothing.
    #[error("this token is disabled already; nothing was changed")]
    AlreadyDisabled,
    /// Enabling it twice changes nothing.
    #[error("this token is active already; nothing was changed")]
    AlreadyActive,
    /// There is nothing to unlock.
    #[error("this token is not locked; nothing was changed")]
    NotLocked,
    /// Too many wrong codes.
    #[error("this token is locked; unlock it first")]
    Locked,
}
