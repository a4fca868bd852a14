//! Record states and the facts they carry.

use crate::{
    PolicyId, Timestamp, UserId,
    policy::PolicyVersion,
    text::{Note, Reason},
    words::words,
};

/// What the organisation decided about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Known, something still missing.
    InStock,
    /// A fitting policy is linked.
    Ready {
        /// The policy and the version that will be written.
        policy: LinkedPolicy,
        /// Who is to have it.
        holder: Option<Holder>,
    },
    /// Put aside.
    Quarantined(Quarantine),
    /// The policy is on the hardware; no credential yet.
    Configured {
        /// The policy and the version that was written.
        policy: LinkedPolicy,
        /// Who has it.
        holder: Option<Holder>,
        /// When the configuration was confirmed.
        configured_at: Timestamp,
    },
    /// At least one credential is registered for the holder and confirmed.
    Enrolled {
        /// The policy and the version that was written.
        policy: LinkedPolicy,
        /// Who has it.
        holder: Holder,
        /// When the configuration was confirmed.
        configured_at: Timestamp,
        /// When the first credential was confirmed.
        enrolled_at: Timestamp,
    },
    /// Paused; comes back to ENROLLED.
    Suspended {
        /// The policy and the version that was written.
        policy: LinkedPolicy,
        /// Who has it.
        holder: Holder,
        /// When the configuration was confirmed.
        configured_at: Timestamp,
        /// When the first credential was confirmed.
        enrolled_at: Timestamp,
        /// When it was paused.
        suspended_at: Timestamp,
    },
    /// Over for good, in this generation.
    Revoked {
        /// When and why.
        revocation: Revocation,
        /// The policy it had.
        policy: Option<LinkedPolicy>,
        /// Who had it.
        holder: Option<Holder>,
    },
    /// Destroyed or wiped.
    Disposed {
        /// When.
        disposed_at: Timestamp,
        /// The revocation before, if there was one.
        revocation: Option<Revocation>,
    },
}

impl State {
    /// The word for the state, without its facts.
    #[must_use]
    pub const fn status(&self) -> Status {
        match self {
            Self::InStock => Status::InStock,
            Self::Ready { .. } => Status::Ready,
            Self::Quarantined(_) => Status::Quarantined,
            Self::Configured { .. } => Status::Configured,
            Self::Enrolled { .. } => Status::Enrolled,
            Self::Suspended { .. } => Status::Suspended,
            Self::Revoked { .. } => Status::Revoked,
            Self::Disposed { .. } => Status::Disposed,
        }
    }

    /// The linked policy, or the one that a revoked key had.
    #[must_use]
    pub const fn policy(&self) -> Option<LinkedPolicy> {
        match self {
            Self::Ready { policy, .. }
            | Self::Configured { policy, .. }
            | Self::Enrolled { policy, .. }
            | Self::Suspended { policy, .. } => Some(*policy),
            Self::Revoked { policy, .. } => *policy,
            Self::InStock | Self::Quarantined(_) | Self::Disposed { .. } => None,
        }
    }

    /// Who has the key, or had it when it was revoked.
    #[must_use]
    pub const fn holder(&self) -> Option<Holder> {
        match self {
            Self::Ready { holder, .. } | Self::Configured { holder, .. } | Self::Revoked { holder, .. } => *holder,
            Self::Enrolled { holder, .. } | Self::Suspended { holder, .. } => Some(*holder),
            Self::InStock | Self::Quarantined(_) | Self::Disposed { .. } => None,
        }
    }
}

words! {
    /// The word for a state, without its facts.
    Status {
        /// Known, something still missing.
        InStock = "in_stock",
        /// A fitting policy is linked.
        Ready = "ready",
        /// Put aside.
        Quarantined = "quarantined",
        /// The policy is on the hardware.
        Configured = "configured",
        /// A credential is registered.
        Enrolled = "enrolled",
        /// Paused.
        Suspended = "suspended",
        /// Over for good, in this generation.
        Revoked = "revoked",
        /// Destroyed or wiped.
        Disposed = "disposed",
    }
}

impl std::fmt::Display for Status {
    /// The word as screens and messages show it: `IN STOCK`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.as_str().replace('_', " ").to_uppercase())
    }
}

words! {
    /// Why a key was revoked.
    RevocationReason {
        /// Nobody knows where it is.
        Lost = "lost",
        /// Somebody took it.
        Stolen = "stolen",
        /// Its secrets may be known to others.
        Compromised = "compromised",
        /// Its holder left.
        Leaver = "leaver",
        /// It does not work.
        Damaged = "damaged",
        /// As the note says.
        Other = "other",
    }
}

impl RevocationReason {
    /// Whether a second person must agree before the key comes back: it was in strange hands.
    #[must_use]
    pub const fn needs_second_person(self) -> bool {
        matches!(self, Self::Stolen | Self::Compromised)
    }
}

/// A policy in the version that is pinned to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LinkedPolicy {
    /// Which policy.
    pub id: PolicyId,
    /// Which version of it.
    pub version: PolicyVersion,
}

/// The user who has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder {
    /// Which user.
    pub user: UserId,
    /// Since when.
    pub assigned_at: Timestamp,
}

/// Why and since when a key is put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantine {
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub since: Timestamp,
}

/// When and why a key was revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: RevocationReason,
    /// In the operator's words.
    pub note: Option<Note>,
}

/// Which life of the hardware: 1 at first, one more each time a revoked key is brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u32);

impl Generation {
    /// The first life.
    pub const FIRST: Self = Self(1);

    /// Takes a stored number; generations start at 1.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number == 0 { None } else { Some(Self(number)) }
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The life after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// A life that ended: it stays revoked in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastGeneration {
    /// Which one.
    pub generation: Generation,
    /// When and why it ended.
    pub revocation: Revocation,
    /// The policy it had.
    pub policy: Option<LinkedPolicy>,
    /// Who had it.
    pub holder: Option<Holder>,
}
