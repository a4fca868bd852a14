//! A whole list from its first key to its last, in chunks, with the memory of one chunk.

use claviger_domain::ids::{SecurityKeyId, TenantId};

use super::criteria::Criteria;
use super::filter::{Column, Filter, Sort};
use super::page::{Listed, listed, read};
use super::plan::plan;
use super::segment::Segment;
use crate::error::Error;
use crate::pages::{Cursor, Direction, ListError, Position};
use crate::tx::Reader;
use crate::value::Value;

/// A walk along a list. Inside [`crate::Store::scan`] it sees one moment.
#[derive(Debug)]
pub struct Walk {
    criteria: Criteria,
    segments: Vec<Segment>,
    after: Option<Cursor>,
    ended: bool,
}

impl Walk {
    /// A walk along the list in the order of its pages.
    ///
    /// # Errors
    /// What the engine meets.
    pub async fn begin(
        reader: &mut Reader,
        tenant: TenantId,
        filter: &Filter,
        sort: Option<Sort>,
    ) -> Result<Self, Error> {
        let mut criteria = Criteria::resolve(reader, tenant, filter).await?;
        let segments = plan(reader, &mut criteria, sort).await?;
        Ok(Self {
            criteria,
            segments,
            after: None,
            ended: false,
        })
    }

    /// The next keys, at most `limit`; none at the end.
    ///
    /// # Errors
    /// What the engine meets.
    pub async fn next(&mut self, reader: &mut Reader, limit: usize) -> Result<Vec<Listed>, ListError> {
        if self.ended {
            return Ok(Vec::new());
        }
        let found = read(reader, &self.criteria, &self.segments, self.after.as_ref(), limit).await?;
        self.ended = found.len() < limit;
        if let Some(last) = found.last() {
            self.after = Some(last.cursor(false));
        }
        Ok(listed(
            reader,
            &self.criteria,
            found.into_iter().map(|found| found.row).collect(),
        )
        .await?)
    }
}

/// Ids of the keys that the filter means, rising, behind `after`: what a job works through. The order
/// does not change while the job changes the keys.
///
/// # Errors
/// What the engine meets.
pub async fn select_ids(
    reader: &mut Reader,
    tenant: TenantId,
    filter: &Filter,
    after: Option<SecurityKeyId>,
    limit: usize,
) -> Result<Vec<SecurityKeyId>, Error> {
    let sort = Sort {
        column: Column::ImportedAt,
        direction: Direction::Ascending,
    };
    let mut criteria = Criteria::resolve(reader, tenant, filter).await?;
    let segments = plan(reader, &mut criteria, Some(sort)).await?;
    let after = after.map(|id| Position {
        key: Value::Null,
        id: id.as_uuid(),
    });
    // Ordered by their ids all keys are one stretch.
    let Some(segment) = segments.first() else {
        return Ok(Vec::new());
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids = segment.ids(reader, &criteria, after.as_ref(), limit).await?;
    Ok(ids.into_iter().map(SecurityKeyId::from_uuid).collect())
}
