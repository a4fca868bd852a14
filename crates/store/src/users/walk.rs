//! A whole list of users from the first to the last, in chunks, with the memory of one chunk.

use claviger_domain::ids::TenantId;

use super::filter::{Filter, Sort};
use super::page::Listed;
use super::plan::Criteria;
use crate::pages::{ListError, Steps};
use crate::tx::Reader;

/// A walk along a list. Inside [`crate::Store::scan`] it sees one moment.
#[derive(Debug)]
pub struct Walk(Steps<Criteria>);

impl Walk {
    /// A walk along the list in the order of its pages.
    #[must_use]
    pub fn begin(reader: &Reader, tenant: TenantId, filter: &Filter, sort: Option<Sort>) -> Self {
        let criteria = Criteria::whole(reader, tenant, filter);
        let stretches = criteria.stretches(sort);
        Self(Steps::new(criteria, stretches))
    }

    /// The next users, at most `limit`; none at the end.
    ///
    /// # Errors
    /// What the engine meets.
    pub async fn next(&mut self, reader: &mut Reader, limit: usize) -> Result<Vec<Listed>, ListError> {
        self.0.next(reader, limit).await
    }
}
