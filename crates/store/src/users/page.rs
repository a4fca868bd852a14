//! Pages of the list of users, in both directions, at the same cost wherever they are.

use claviger_domain::ids::TenantId;
use claviger_domain::user::User;
use uuid::Uuid;

use super::filter::{Filter, Sort};
use super::plan::Criteria;
use super::row;
use super::segment::Segment;
use crate::error::Error;
use crate::row::Row;
use crate::security_keys::{Cursor, ListError, Position};
use crate::tx::Reader;

/// Keys in use that a user of the row `u` has: neither revoked nor disposed of, whose shelves are from 12 on. A user
/// has few; who has very many is told 10,000.
pub(super) const KEYS: &str = "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM security_keys k
    WHERE k.tenant_id = u.tenant_id AND k.user_id = u.id AND k.shelf < 12 LIMIT 10000) held) AS keys";

/// A user and how many keys he has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The user.
    pub user: User,
    /// Keys in use: assigned to him and neither revoked nor disposed of.
    pub keys: u64,
}

impl TryFrom<&Row> for Listed {
    type Error = Error;

    fn try_from(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            user: row::user(row)?,
            keys: row.get("keys")?,
        })
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its users.
    pub items: Vec<Listed>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Where the page before begins.
    pub previous: Option<String>,
}

/// A row and where it stands.
pub(super) struct Found {
    pub(super) tag: (u8, Uuid),
    pub(super) position: Position,
    pub(super) row: Row,
}

impl Found {
    pub(super) fn cursor(&self, backward: bool) -> Cursor {
        Cursor {
            backward,
            tag: self.tag,
            position: self.position.clone(),
        }
    }
}

/// A page of the list. With words to search for and no order chosen the list is ranked: exact, prefix, anywhere.
///
/// # Errors
/// [`ListError::Cursor`] for a cursor of another list.
pub async fn page(
    reader: &mut Reader,
    tenant: TenantId,
    filter: &Filter,
    sort: Option<Sort>,
    cursor: Option<&str>,
    limit: u16,
) -> Result<Page, ListError> {
    let list = filter.fingerprint(sort);
    let from = cursor
        .map(|text| Cursor::decode(text, tenant, list).ok_or(ListError::Cursor))
        .transpose()?;
    let criteria = Criteria::resolve(reader, tenant, filter);
    let segments = criteria.segments(sort);
    let backward = from.as_ref().is_some_and(|cursor| cursor.backward);
    let mut found = read(reader, &criteria, &segments, from.as_ref(), usize::from(limit) + 1).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    if backward {
        found.reverse();
    }
    let at = |found: Option<&Found>, backward| found.map(|found| found.cursor(backward).encode(tenant, list));
    let (more_behind, more_before) = if backward { (true, more) } else { (more, from.is_some()) };
    let next = if more_behind { at(found.last(), false) } else { None };
    let previous = if more_before { at(found.first(), true) } else { None };
    let items = found.iter().map(|found| Listed::try_from(&found.row));
    Ok(Page {
        items: items.collect::<Result<_, _>>()?,
        next,
        previous,
    })
}

/// Up to `limit` rows behind a cursor, across stretches.
pub(super) async fn read(
    reader: &mut Reader,
    criteria: &Criteria,
    segments: &[Segment],
    from: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Found>, ListError> {
    let backward = from.is_some_and(|cursor| cursor.backward);
    let mut order: Vec<&Segment> = segments.iter().collect();
    if backward {
        order.reverse();
    }
    if let Some(cursor) = from {
        let start = order.iter().position(|segment| segment.tag == cursor.tag.0);
        order.drain(..start.ok_or(ListError::Cursor)?);
    }
    let mut found = Vec::new();
    for segment in order {
        let after = from
            .filter(|cursor| cursor.tag.0 == segment.tag)
            .map(|cursor| &cursor.position);
        let wanted = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        for row in segment.read(reader, criteria, after, backward, wanted).await? {
            let position = Position {
                key: row.get("position")?,
                id: row.get("id")?,
            };
            let tag = (segment.tag, Uuid::nil());
            found.push(Found { tag, position, row });
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}
