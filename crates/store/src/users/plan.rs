//! From what is asked for to the stretches of the list, each along an index.

use claviger_domain::ids::TenantId;
use claviger_domain::user::UserStatus;
use uuid::Uuid;

use super::filter::{Filter, Sort};
use super::matching::{Way, Words};
use super::segment::Segment;
use crate::dialect::Dialect;
use crate::pages::Direction;
use crate::tx::Reader;

/// A filter with everything in it resolved.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    pub(super) dialect: Dialect,
    pub(super) tenant: TenantId,
    pub(super) status: Option<UserStatus>,
    pub(super) words: Option<Words>,
}

impl Criteria {
    pub(super) fn resolve(reader: &Reader, tenant: TenantId, filter: &Filter) -> Self {
        Self {
            dialect: reader.dialect(),
            tenant,
            status: filter.status,
            words: filter.q.as_deref().and_then(Words::new),
        }
    }

    /// Stretches of the list in their order: with words and no order chosen, ranked; else one.
    pub(super) fn segments(&self, sort: Option<Sort>) -> Vec<Segment> {
        if let (Some(words), None) = (&self.words, sort) {
            return ranked(words);
        }
        let sort = sort.unwrap_or(Sort::BY_NAME);
        vec![Segment {
            tag: (0, Uuid::nil()),
            found: None,
            without: Vec::new(),
            key: sort.column.sql(),
            index: sort.column.index(),
            direction: sort.direction,
        }]
    }
}

/// Exact, then prefix, then anywhere; who was found in one way is not found again in a later one.
fn ranked(words: &Words) -> Vec<Segment> {
    let ways = words.ways();
    let segment = |(rank, way): (usize, &Way)| Segment {
        tag: (u8::try_from(rank + 1).unwrap_or(u8::MAX), Uuid::nil()),
        found: Some(*way),
        without: ways.iter().take(rank).copied().collect(),
        key: way.column(),
        index: way.index(),
        direction: Direction::Ascending,
    };
    ways.iter().enumerate().map(segment).collect()
}
