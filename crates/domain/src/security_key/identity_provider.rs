//! What the identity provider last said about the key's credentials.

use super::{SecurityKey, Status};
use crate::{Timestamp, text::ProviderName, words::words};

/// The credential at the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdpState {
    /// Nothing was ever registered.
    None,
    /// A registration has begun.
    Pending {
        /// Where.
        provider: ProviderName,
        /// Since when.
        at: Timestamp,
    },
    /// A credential is there.
    Present {
        /// Where.
        provider: ProviderName,
        /// Since when.
        at: Timestamp,
    },
    /// The registration failed.
    Failed {
        /// Where.
        provider: ProviderName,
        /// When.
        at: Timestamp,
    },
    /// The key is revoked here, its credential still accepted there.
    RemovalPending {
        /// Where.
        provider: ProviderName,
        /// Since when.
        at: Timestamp,
    },
    /// Removing failed and will be tried again.
    RemovalFailed {
        /// Where.
        provider: ProviderName,
        /// When.
        at: Timestamp,
    },
    /// The credential is gone.
    Removed {
        /// Where.
        provider: ProviderName,
        /// When.
        at: Timestamp,
    },
}

/// What a workstation saw of a credential at an identity provider or relying party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialSeen {
    /// It is there.
    Present,
    /// Its registration has begun.
    Pending,
    /// Its registration failed.
    Failed,
}

words! {
    /// A credential that has to go and is still there.
    Removal {
        /// The identity provider has yet to follow.
        Pending = "pending",
        /// It refused; the removal is tried again.
        Failed = "failed",
    }
}

impl IdpState {
    /// Which removal is owed, if one is.
    #[must_use]
    pub const fn removal(&self) -> Option<Removal> {
        match self {
            Self::RemovalPending { .. } => Some(Removal::Pending),
            Self::RemovalFailed { .. } => Some(Removal::Failed),
            Self::None | Self::Pending { .. } | Self::Present { .. } | Self::Failed { .. } | Self::Removed { .. } => {
                None
            }
        }
    }

    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pending { .. } => "pending",
            Self::Present { .. } => "present",
            Self::Failed { .. } => "failed",
            Self::RemovalPending { .. } => "removal_pending",
            Self::RemovalFailed { .. } => "removal_failed",
            Self::Removed { .. } => "removed",
        }
    }

    /// Where, unless nothing was registered.
    #[must_use]
    pub const fn provider(&self) -> Option<&ProviderName> {
        self.parts().0
    }

    /// When it became so.
    #[must_use]
    pub const fn at(&self) -> Option<Timestamp> {
        self.parts().1
    }

    /// From what storage kept; nothing when word and facts contradict.
    #[must_use]
    pub fn from_parts(word: &str, provider: Option<ProviderName>, at: Option<Timestamp>) -> Option<Self> {
        match (word, provider, at) {
            ("none", None, None) => Some(Self::None),
            ("pending", Some(provider), Some(at)) => Some(Self::Pending { provider, at }),
            ("present", Some(provider), Some(at)) => Some(Self::Present { provider, at }),
            ("failed", Some(provider), Some(at)) => Some(Self::Failed { provider, at }),
            ("removal_pending", Some(provider), Some(at)) => Some(Self::RemovalPending { provider, at }),
            ("removal_failed", Some(provider), Some(at)) => Some(Self::RemovalFailed { provider, at }),
            ("removed", Some(provider), Some(at)) => Some(Self::Removed { provider, at }),
            _ => None,
        }
    }

    /// Whether a credential is, or may already be, registered.
    #[must_use]
    pub const fn may_hold_credential(&self) -> bool {
        match self {
            Self::Pending { .. } | Self::Present { .. } | Self::RemovalPending { .. } | Self::RemovalFailed { .. } => {
                true
            }
            Self::None | Self::Failed { .. } | Self::Removed { .. } => false,
        }
    }

    /// What a revocation makes of it: whatever may be registered has to go.
    pub(super) fn after_revocation(&self, now: Timestamp) -> Self {
        match self.provider() {
            Some(provider) if self.may_hold_credential() => Self::RemovalPending {
                provider: provider.clone(),
                at: now,
            },
            _ => self.clone(),
        }
    }

    const fn parts(&self) -> (Option<&ProviderName>, Option<Timestamp>) {
        match self {
            Self::None => (None, None),
            Self::Pending { provider, at }
            | Self::Present { provider, at }
            | Self::Failed { provider, at }
            | Self::RemovalPending { provider, at }
            | Self::RemovalFailed { provider, at }
            | Self::Removed { provider, at } => (Some(provider), Some(*at)),
        }
    }
}

impl SecurityKey {
    /// Notes what the identity provider said; the record state stays.
    #[must_use]
    pub fn identity_provider_said(&self, said: IdpState, now: Timestamp) -> Self {
        let mut next = self.changed(now);
        next.identity_provider = said;
        next
    }

    /// Notes what a workstation saw of a credential; the record state stays. One that is seen on a revoked key has to
    /// go, whoever says that it works.
    #[must_use]
    pub fn credential_seen(&self, provider: ProviderName, seen: CredentialSeen, now: Timestamp) -> Self {
        let at = now;
        let ended = matches!(self.status(), Status::Revoked | Status::Disposed);
        let said = match seen {
            CredentialSeen::Present | CredentialSeen::Pending if ended => IdpState::RemovalPending { provider, at },
            CredentialSeen::Failed if ended => return self.clone(),
            CredentialSeen::Present => IdpState::Present { provider, at },
            CredentialSeen::Pending => IdpState::Pending { provider, at },
            CredentialSeen::Failed => IdpState::Failed { provider, at },
        };
        self.identity_provider_said(said, now)
    }
}
