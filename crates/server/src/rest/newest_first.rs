//! Pages of short lists, the newest first. Ids are UUIDv7, so that the last id of a page is where the next begins.
//!
//! The cursor carries the way back: the pages passed so far, up to a bound, so that *previous* works without the store
//! walking backwards.

use claviger_api::{
    Page, Total,
    headers::{MAX_TRAIL, cursor, trail},
};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{reply::Reply, wanted::limit};
use crate::Failure;

/// Which page of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NewestFirst {
    /// Most items of a page, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next_cursor` or `previous_cursor` of another page.
    cursor: Option<String>,
}

/// A page asked for, checked.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    limit: u32,
    trail: Vec<Uuid>,
}

impl NewestFirst {
    /// For lists that have further parameters.
    pub(crate) const fn of(limit: Option<u32>, cursor: Option<String>) -> Self {
        Self { limit, cursor }
    }

    /// Checks what was asked for.
    pub(crate) fn place(&self) -> Result<Place, Failure> {
        let limit = limit(self.limit)?;
        let trail = self.cursor.as_deref().map_or_else(|| Some(Vec::new()), trail);
        let trail =
            trail.ok_or_else(|| Failure::invalid("?cursor", "send a cursor of an earlier answer, as it was"))?;
        Ok(Place { limit, trail })
    }
}

impl Place {
    /// The item that the page lies behind.
    pub(crate) fn after(&self) -> Option<Uuid> {
        self.trail.last().copied()
    }

    /// Most items of the page.
    pub(crate) const fn limit(&self) -> u32 {
        self.limit
    }

    /// The page, from the items found: one more than the limit when there are more; `all` is how many the list has.
    pub(crate) fn page<T, W>(
        &self,
        (mut found, all): (Vec<T>, claviger_store::pages::Total),
        id: impl Fn(&T) -> Uuid,
        render: impl Fn(&T) -> W,
    ) -> Shown<W> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().map(id).filter(|_| more);
        let next_cursor = last.map(|last| write(self.trail.iter().copied().chain([last]).collect()));
        let previous_cursor = (!self.trail.is_empty())
            .then(|| write(self.trail.split_last().map_or(Vec::new(), |(_, rest)| rest.to_vec())));
        let total = Total {
            count: all.count,
            capped: all.capped,
        };
        Shown(Page {
            items: found.iter().map(render).collect(),
            next_cursor,
            previous_cursor,
            total,
        })
    }
}

/// A page ready to be sent.
#[derive(Debug)]
pub(crate) struct Shown<W>(Page<W>);

impl<W: Serialize + Clone> Reply for Shown<W> {
    type Body = Page<W>;

    fn body(&self) -> Option<Page<W>> {
        Some(self.0.clone())
    }
}

fn write(mut trail: Vec<Uuid>) -> String {
    trail.drain(..trail.len().saturating_sub(MAX_TRAIL));
    cursor(&trail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(all: &[Uuid], cursor: Option<String>) -> Page<Uuid> {
        let place = NewestFirst { limit: Some(2), cursor }.place().unwrap();
        let behind = place
            .after()
            .map_or(0, |after| all.iter().position(|id| *id == after).unwrap() + 1);
        let found = all.iter().skip(behind).take(3).copied().collect();
        let total = claviger_store::pages::Total {
            count: 5,
            capped: false,
        };
        place.page((found, total), |id| *id, |id| *id).0
    }

    #[test]
    fn one_walks_there_and_back() {
        let all: Vec<Uuid> = (0..5).map(Uuid::from_u128).collect();
        let first = page(&all, None);
        let second = page(&all, first.next_cursor.clone());
        let third = page(&all, second.next_cursor.clone());
        assert_eq!([first.items.len(), second.items.len(), third.items.len()], [2, 2, 1]);
        assert_eq!(
            (third.next_cursor, third.total.count, third.total.capped),
            (None, 5, false)
        );
        assert_eq!(page(&all, third.previous_cursor).items, second.items);
        assert_eq!(page(&all, second.previous_cursor).items, first.items);
        assert_eq!(first.previous_cursor, None);
    }

    #[test]
    fn a_wrong_cursor_or_limit_is_refused() {
        for (limit, cursor) in [(Some(0), None), (Some(201), None), (None, Some("x".to_owned()))] {
            assert!(NewestFirst { limit, cursor }.place().is_err());
        }
    }
}
