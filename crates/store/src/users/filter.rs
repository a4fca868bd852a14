//! What a list of users is asked for.

use claviger_domain::user::UserStatus;

use crate::pages::{self, Direction};

/// Which users are meant; an empty filter means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What the search box says.
    pub q: Option<String>,
    /// Active ones alone, or disabled ones alone.
    pub status: Option<UserStatus>,
}

/// A column that a list is ordered by; the order is the id's where it is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The user name, folded.
    UserName,
    /// The display name, folded.
    DisplayName,
    /// When the user was made.
    CreatedAt,
    /// When the user was last changed.
    UpdatedAt,
}

/// The order of a list of users.
pub type Sort = pages::Sort<Column>;

impl Sort {
    /// A list without a chosen order and without a search.
    pub const BY_NAME: Self = Self {
        column: Column::UserName,
        direction: Direction::Ascending,
    };
}

impl Column {
    pub(super) const fn sql(self) -> &'static str {
        match self {
            Self::UserName => "u.user_name_folded",
            Self::DisplayName => "u.display_name_folded",
            Self::CreatedAt => "u.created_at",
            Self::UpdatedAt => "u.updated_at",
        }
    }

    /// The index that SQLite is told to walk along: without statistics it guesses.
    pub(super) const fn index(self) -> &'static str {
        match self {
            Self::UserName => "",
            Self::DisplayName => "INDEXED BY users_by_display_name",
            Self::CreatedAt => "INDEXED BY users_by_created_at",
            Self::UpdatedAt => "INDEXED BY users_by_updated_at",
        }
    }
}

impl Filter {
    /// Tells a cursor of this list from those of others.
    pub(super) fn fingerprint(&self, sort: Option<Sort>) -> [u8; 8] {
        pages::fingerprint(&format!("users {self:?} {sort:?}"))
    }
}
