//! What became of each row of a job.

use claviger_api::{JobResult, Page, Total};
use claviger_domain::JobId;
use claviger_store::jobs::Rows;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::render;
use crate::{
    Failure,
    actions::jobs::{self, Place, Results},
    auth::Caller,
    rest::{Answer, Path, Query, guard::JobRead, reply::Reply},
};

/// Which results.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `refused` leaves out the rows that were done.
    #[param(inline)]
    outcome: Option<Outcome>,
    /// Most rows of a page, 1 to 1,000; 100 when left out.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which rows.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// Every row.
    All,
    /// Those that were refused.
    Refused,
}

impl Outcome {
    pub(super) const fn rows(self) -> Rows {
        match self {
            Self::All => Rows::All,
            Self::Refused => Rows::Refused,
        }
    }
}

impl Wanted {
    fn rows(&self) -> Rows {
        self.outcome.map_or(Rows::All, Outcome::rows)
    }

    fn limit(&self) -> Result<u32, Failure> {
        let limit = self.limit.unwrap_or(100);
        let fits = (1..=1_000).contains(&limit);
        if fits {
            Ok(limit)
        } else {
            Err(Failure::invalid("?limit", "a number from 1 to 1000 is wanted"))
        }
    }

    fn place(&self) -> Result<Place, Failure> {
        let Some(cursor) = self.cursor.as_deref() else {
            return Ok(Place::default());
        };
        let read = |(chunk, row): (&str, &str)| {
            Some(Place {
                chunk: chunk.parse().ok()?,
                row: row.parse().ok()?,
            })
        };
        let place = cursor.split_once('.').and_then(read);
        place.ok_or_else(|| Failure::invalid("?cursor", "send a cursor of an earlier answer, as it was"))
    }
}

impl Reply for Results {
    type Body = Page<JobResult>;

    fn body(&self) -> Option<Page<JobResult>> {
        Some(Page {
            items: self.rows.iter().map(render::result).collect(),
            next_cursor: self.next.map(|place| format!("{}.{}", place.chunk, place.row)),
            previous_cursor: None,
            total: Total {
                count: self.total,
                capped: false,
            },
        })
    }
}

/// What became of each row, in the order it was carried out.
#[utoipa::path(
    get, path = "/jobs/{id}/results", operation_id = "job_results", tag = "jobs",
    params(("id" = Uuid, Path, description = "The job"), Wanted),
    responses((status = 200, body = Page<JobResult>)),
)]
pub(super) async fn results(caller: Caller<JobRead>, Path(id): Path<Uuid>, Query(wanted): Query<Wanted>) -> Answer {
    let (rows, place, limit) = (wanted.rows(), wanted.place()?, wanted.limit()?);
    let results = jobs::results(&caller, JobId::from_uuid(id), rows, place, limit).await?;
    caller.answer(results)
}
