//! Shelves: a key's status and whether somebody holds it, in one number that lists are indexed by.

use claviger_domain::security_key::{SecurityKey, Status, Tab};
use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;

/// A status, with or without a holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shelf {
    /// The word for the state.
    pub status: Status,
    /// Whether somebody has the key.
    pub held: bool,
}

/// Beginning of the names of the counters of keys by shelf.
pub(super) const COUNTERS: &str = "keys.shelf.";

impl Shelf {
    /// How many shelves there can be.
    pub(crate) const COUNT: usize = 11;

    /// The shelf of a key.
    #[must_use]
    pub fn of(key: &SecurityKey) -> Self {
        Self {
            status: key.status(),
            held: key.holder().is_some(),
        }
    }

    /// Where an import puts its keys.
    pub(crate) const fn imported(with_policy: bool) -> Self {
        let status = if with_policy { Status::Ready } else { Status::InStock };
        Self { status, held: false }
    }

    /// Every shelf that a state of the domain can be on, in the order of their codes.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let held = |status| match status {
            Status::InStock | Status::Quarantined | Status::Disposed => &[false][..],
            Status::Ready | Status::Configured | Status::Revoked => &[false, true],
            Status::Enrolled | Status::Suspended => &[true],
        };
        Status::ALL.iter().flat_map(move |status| {
            held(*status).iter().map(|held| Self {
                status: *status,
                held: *held,
            })
        })
    }

    /// Where screens list its keys.
    #[must_use]
    pub const fn tab(self) -> Tab {
        match (self.status, self.held) {
            (Status::InStock | Status::Quarantined, _) | (Status::Ready, false) => Tab::Stocks,
            (Status::Disposed, _) => Tab::Hidden,
            (Status::Ready, true)
            | (Status::Configured | Status::Enrolled | Status::Suspended | Status::Revoked, _) => Tab::Inventory,
        }
    }

    pub(crate) fn code(self) -> i64 {
        let rank = match self.status {
            Status::InStock => 0,
            Status::Ready => 1,
            Status::Quarantined => 2,
            Status::Configured => 3,
            Status::Enrolled => 4,
            Status::Suspended => 5,
            Status::Revoked => 6,
            Status::Disposed => 7,
        };
        2 * rank + i64::from(self.held)
    }

    pub(crate) fn from_code(code: i64) -> Option<Self> {
        Self::all().find(|shelf| shelf.code() == code)
    }

    /// Name of the counter of its keys.
    pub(crate) fn counter(self) -> String {
        format!("{COUNTERS}{:02}", self.code())
    }
}

/// The shelf that a row stands on.
pub(crate) fn shelf_of(row: &Row, id: Uuid) -> Result<Shelf, Error> {
    Shelf::from_code(row.get("shelf")?).ok_or_else(|| Error::inconsistent(format!("security_keys.shelf of {id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shelf_has_its_own_code_in_rising_order() {
        let codes: Vec<i64> = Shelf::all().map(Shelf::code).collect();
        assert_eq!(codes.len(), Shelf::COUNT);
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
        assert!(Shelf::all().all(|shelf| Shelf::from_code(shelf.code()) == Some(shelf)));
        assert_eq!(Shelf::from_code(1), None, "nobody holds a key IN STOCK");
    }
}
