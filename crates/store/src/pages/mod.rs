//! Pages of lists, in both directions, at the same cost wherever they are.
//!
//! A list is stretches, each in one order; a [`Cursor`] names the stretch and the row that a page ended with.

mod cursor;
mod order;
mod stretch;
mod total;

use crate::error::Error;
use crate::row::Row;
use claviger_domain::ids::TenantId;

pub(crate) use cursor::{Cursor, Position, Tag, fingerprint};
pub use order::{Direction, Sort};
pub(crate) use stretch::{List, Steps, Stretch, page};
pub(crate) use total::CAP;
pub use total::Total;

/// Why a list is not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ListError {
    /// The cursor was changed on its way, or belongs to another list.
    #[error("this cursor belongs to another list or was changed; begin at the first page")]
    Cursor,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Where the page before begins.
    pub previous: Option<String>,
}

/// A row and where it stands.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) tag: Tag,
    pub(crate) position: Position,
    pub(crate) row: Row,
}

impl Found {
    /// A row of a stretch, whose columns `position` and `id` say where it stands.
    pub(crate) fn of(tag: Tag, row: Row) -> Result<Self, Error> {
        let position = Position {
            key: row.get("position")?,
            id: row.get("id")?,
        };
        Ok(Self { tag, position, row })
    }

    /// Where a page ends with this row.
    pub(crate) fn cursor(&self, backward: bool) -> Cursor {
        Cursor {
            backward,
            tag: self.tag,
            position: self.position.clone(),
        }
    }
}

/// A page that is asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    tenant: TenantId,
    list: [u8; 8],
    from: Option<Cursor>,
    limit: usize,
}

impl Asked {
    /// A page of the list that this fingerprint tells from others. A cursor of another list is refused.
    pub(crate) fn new(tenant: TenantId, list: [u8; 8], cursor: Option<&str>, limit: u16) -> Result<Self, ListError> {
        let from = cursor
            .map(|text| Cursor::decode(text, tenant, list).ok_or(ListError::Cursor))
            .transpose()?;
        Ok(Self {
            tenant,
            list,
            from,
            limit: limit.into(),
        })
    }

    /// The row that the page lies behind.
    pub(crate) const fn from(&self) -> Option<&Cursor> {
        self.from.as_ref()
    }

    /// How many rows are to be read: one more than the page has tells whether there are more.
    pub(crate) const fn rows(&self) -> usize {
        self.limit + 1
    }

    /// The page, from the rows that were found in the direction of its cursor.
    pub(crate) fn page(&self, mut found: Vec<Found>) -> Page<Row> {
        let backward = self.from.as_ref().is_some_and(|cursor| cursor.backward);
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        if backward {
            found.reverse();
        }
        let (more_behind, more_before) = if backward {
            (true, more)
        } else {
            (more, self.from.is_some())
        };
        let at = |some: bool, found: Option<&Found>, backward| {
            let found = found.filter(|_| some)?;
            Some(found.cursor(backward).encode(self.tenant, self.list))
        };
        let next = at(more_behind, found.last(), false);
        let previous = at(more_before, found.first(), true);
        Page {
            items: found.into_iter().map(|found| found.row).collect(),
            next,
            previous,
        }
    }
}

impl<T> Page<T> {
    /// The list's total, where this page behind a cursor is all of it: looking for its rows a second time would tell
    /// the same.
    #[must_use]
    pub fn total(&self, cursor: Option<&str>) -> Option<Total> {
        let is_whole = cursor.is_none() && self.next.is_none();
        is_whole.then(|| Total {
            count: u64::try_from(self.items.len()).unwrap_or(u64::MAX),
            capped: false,
        })
    }
}

impl Page<Row> {
    /// The same page with what its rows say.
    pub(crate) fn with<T>(self, items: Vec<T>) -> Page<T> {
        Page {
            items,
            next: self.next,
            previous: self.previous,
        }
    }
}

/// The stretches that a cursor leaves, in the order in which they are read. A cursor of a stretch that is no longer
/// there is refused.
pub(crate) fn behind<'a, S>(
    stretches: &'a [S],
    tag: impl Fn(&S) -> Tag,
    from: Option<&Cursor>,
) -> Result<Vec<&'a S>, ListError> {
    let mut order: Vec<&S> = stretches.iter().collect();
    let Some(cursor) = from else { return Ok(order) };
    if cursor.backward {
        order.reverse();
    }
    let start = order.iter().position(|stretch| tag(stretch) == cursor.tag);
    order.drain(..start.ok_or(ListError::Cursor)?);
    Ok(order)
}
