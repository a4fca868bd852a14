//! What a list is asked for.

use claviger_domain::ids::{BatchId, PolicyId, SecurityKeyId, UserId};
use claviger_domain::security_key::{Mode, Removal, Status, Tab};
use claviger_domain::user::UserStatus;

use super::shelf::Shelf;
use crate::pages::{self, Direction};

/// Which keys are meant; an empty filter means all that are not disposed of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What the search box says.
    pub q: Option<String>,
    /// Whether it finds keys by their holders.
    pub holders: Holders,
    /// On which tab.
    pub tab: Option<Tab>,
    /// With one of these statuses; empty: any but DISPOSED.
    pub statuses: Vec<Status>,
    /// Linked with one of these policies.
    pub policies: Option<Policies>,
    /// Held by this user.
    pub user: Option<UserId>,
    /// Whether the holder is disabled; keys that nobody holds have none.
    pub user_status: Option<UserStatus>,
    /// Ruled so.
    pub mode: Option<Mode>,
    /// Registered at the identity provider of this name.
    pub identity_provider: Option<String>,
    /// Come with this import.
    pub batch: Option<BatchId>,
    /// Whether the holder is locked out.
    pub locked: Option<bool>,
    /// Whether the policy on the key is another than it should be.
    pub drift: Option<bool>,
    /// Whose credential has to go elsewhere, and is still there in one of these ways; empty: whatever. Keys that are
    /// DISPOSED are meant too: their credential is accepted all the same.
    pub removals: Vec<Removal>,
    /// Whether the newest mail about the revocation was given up.
    pub mail_failed: Option<bool>,
    /// These keys only.
    pub ids: Option<Vec<SecurityKeyId>>,
}

/// Whether a search finds keys by the names of their holders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Holders {
    /// As by everything else.
    #[default]
    Searched,
    /// No: who asks may not know who holds what.
    Hidden,
}

/// A choice of policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Any of these.
    pub ids: Vec<PolicyId>,
    /// Or none at all.
    pub none: bool,
}

/// A column that a list is ordered by; the order is the id's where it is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// When the key came in; the id says the same.
    ImportedAt,
    /// What the model is called.
    DeviceName,
    /// The serial number as compared.
    SerialNumber,
    /// The FIDO version.
    Version,
    /// The status in the order of a key's life.
    Status,
    /// The policy's name; keys without one last.
    Policy,
    /// When the key was last changed.
    UpdatedAt,
}

/// The order of a list of keys.
pub type Sort = pages::Sort<Column>;

impl Sort {
    /// The newest first: a list without a chosen order and without a search.
    pub const NEWEST: Self = Self {
        column: Column::ImportedAt,
        direction: Direction::Descending,
    };
}

impl Filter {
    /// The shelves that tab and statuses leave, in the order of their codes.
    pub(super) fn shelves(&self) -> Vec<Shelf> {
        let owed = !self.removals.is_empty();
        let tab = |shelf: &Shelf| {
            let owed = |tab| owed && tab == Tab::Inventory && shelf.status == Status::Disposed;
            self.tab.is_none_or(|tab| shelf.tab() == tab || owed(tab))
        };
        let status = |shelf: &Shelf| {
            if self.statuses.is_empty() {
                owed || self.tab.is_some() || shelf.status != Status::Disposed
            } else {
                self.statuses.contains(&shelf.status)
            }
        };
        Shelf::all().filter(|shelf| tab(shelf) && status(shelf)).collect()
    }

    /// Whether it asks about users, which not everybody may see.
    #[must_use]
    pub const fn is_about_users(&self) -> bool {
        self.user.is_some() || self.user_status.is_some()
    }

    /// Tells a cursor of this list from those of others.
    pub(super) fn fingerprint(&self, sort: Option<Sort>) -> [u8; 8] {
        pages::fingerprint(&format!("{self:?} {sort:?}"))
    }
}
