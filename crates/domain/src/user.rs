//! Users: people to whom authenticators are assigned. Who is disabled keeps his authenticators, and gets no new ones.

mod decide;
mod refusal;

use crate::{
    Revision, Timestamp, UserId,
    text::{DisplayName, Email, Locale, UserName},
};

pub use decide::{Command, Edited};
pub use refusal::UserRefusal;

/// Whether a user may be given authenticators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserStatus {
    /// May be given authenticators and use them.
    Active,
    /// Has left or is barred.
    Disabled,
}

impl UserStatus {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Active, Self::Disabled];

    /// The word on the wire and in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads the word on the wire and in storage.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// What is said of a person, by hand or by a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetails {
    /// The name by which a directory knows the user; unique in a tenant whatever the case.
    pub user_name: UserName,
    /// How the person is called on screens.
    pub display_name: DisplayName,
    /// Where mail goes, if anywhere.
    pub email: Option<Email>,
    /// Language of mail; the tenant's when absent.
    pub locale: Option<Locale>,
}

/// Where a user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UserState {
    /// May be given authenticators.
    Active,
    /// Has left or is barred.
    Disabled {
        /// Since when.
        at: Timestamp,
    },
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    id: UserId,
    revision: Revision,
    details: UserDetails,
    state: UserState,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Everything that is known of a user, to be stored or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFacts {
    /// Which user.
    pub id: UserId,
    /// Rises with every change.
    pub revision: Revision,
    /// What is said of the person.
    pub details: UserDetails,
    /// Where the user stands.
    pub state: UserState,
    /// When the user was made.
    pub created_at: Timestamp,
    /// When the user was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// A user as he was stored.
    #[must_use]
    pub fn from_facts(facts: UserFacts) -> Self {
        let UserFacts {
            id,
            revision,
            details,
            state,
            created_at,
            updated_at,
        } = facts;
        Self {
            id,
            revision,
            details,
            state,
            created_at,
            updated_at,
        }
    }

    /// Which user.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.id
    }

    /// Rises with every change.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// What is said of the person.
    #[must_use]
    pub const fn details(&self) -> &UserDetails {
        &self.details
    }

    /// The name by which a directory knows the user.
    #[must_use]
    pub const fn user_name(&self) -> &UserName {
        &self.details.user_name
    }

    /// How the person is called on screens.
    #[must_use]
    pub const fn display_name(&self) -> &DisplayName {
        &self.details.display_name
    }

    /// Where mail goes, if anywhere.
    #[must_use]
    pub const fn email(&self) -> Option<&Email> {
        self.details.email.as_ref()
    }

    /// Language of mail.
    #[must_use]
    pub const fn locale(&self) -> Option<&Locale> {
        self.details.locale.as_ref()
    }

    /// Whether authenticators may be assigned.
    #[must_use]
    pub const fn status(&self) -> UserStatus {
        match self.state {
            UserState::Active => UserStatus::Active,
            UserState::Disabled { .. } => UserStatus::Disabled,
        }
    }

    /// Since when the user is disabled.
    #[must_use]
    pub const fn disabled_at(&self) -> Option<Timestamp> {
        match self.state {
            UserState::Active => None,
            UserState::Disabled { at } => Some(at),
        }
    }

    /// When the user was made.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When the user was last changed.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }
}

#[cfg(test)]
mod tests;
