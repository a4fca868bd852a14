//! A whole list of users from the first to the last, in chunks, with the memory of one chunk.

use claviger_domain::ids::TenantId;

use super::filter::{Filter, Sort};
use super::page::{Listed, read};
use super::plan::Criteria;
use super::segment::Segment;
use crate::pages::{Cursor, ListError};
use crate::tx::Reader;

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
    #[must_use]
    pub fn begin(reader: &Reader, tenant: TenantId, filter: &Filter, sort: Option<Sort>) -> Self {
        let criteria = Criteria::resolve(reader, tenant, filter);
        Self {
            segments: criteria.segments(sort),
            criteria,
            after: None,
            ended: false,
        }
    }

    /// The next users, at most `limit`; none at the end.
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
        let users = found.iter().map(|found| Listed::try_from(&found.row));
        Ok(users.collect::<Result<_, _>>()?)
    }
}
