//! A whole list of tokens from the first to the last, in chunks, with the memory of one chunk.

use claviger_domain::ids::{OtpTokenId, TenantId};

use super::filter::{Column, Filter, Sort};
use super::list::Listed;
use super::plan::Criteria;
use crate::error::Error;
use crate::pages::{Direction, ListError, Steps};
use crate::tx::Reader;

/// A walk along a list. Inside [`crate::Store::scan`] it sees one moment.
#[derive(Debug)]
pub struct Walk(Steps<Criteria>);

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
        let criteria = Criteria::resolve(reader, tenant, filter).await?;
        let stretches = criteria.stretches(sort);
        Ok(Self(Steps::new(criteria, stretches)))
    }

    /// The next tokens, at most `limit`; none at the end.
    ///
    /// # Errors
    /// What the engine meets.
    pub async fn next(&mut self, reader: &mut Reader, limit: usize) -> Result<Vec<Listed>, ListError> {
        self.0.next(reader, limit).await
    }
}

/// Ids of the tokens that the filter means, rising, behind `after`: what a job works through. The order does not change
/// while the job changes the tokens.
///
/// # Errors
/// What the engine meets.
pub async fn select_ids(
    reader: &mut Reader,
    tenant: TenantId,
    filter: &Filter,
    after: Option<OtpTokenId>,
    limit: usize,
) -> Result<Vec<OtpTokenId>, Error> {
    let sort = Sort {
        column: Column::ImportedAt,
        direction: Direction::Ascending,
    };
    let criteria = Criteria::resolve(reader, tenant, filter).await?;
    // Ordered by their ids all tokens are one stretch.
    let stretches = criteria.stretches(Some(sort));
    let Some(stretch) = stretches.first() else {
        return Ok(Vec::new());
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids = stretch
        .ids(reader, &criteria, after.map(|id| id.as_uuid()), limit)
        .await?;
    Ok(ids.into_iter().map(OtpTokenId::from_uuid).collect())
}
