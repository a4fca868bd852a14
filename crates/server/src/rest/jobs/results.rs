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
    /// `next_cursor` or `previous_cursor` of another page.
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

    fn trail(&self) -> Result<Vec<Place>, Failure> {
        let Some(cursor) = self.cursor.as_deref() else {
            return Ok(vec![Place::default()]);
        };
        let trail: Option<Vec<Place>> = cursor.split('-').take(MAX_TRAIL + 1).map(place).collect();
        let trail = trail.filter(|trail| trail.len() <= MAX_TRAIL);
        trail.ok_or_else(|| Failure::invalid("?cursor", "send a cursor of an earlier answer, as it was"))
    }
}

/// Most pages that a cursor leads back.
const MAX_TRAIL: usize = 64;

fn place(text: &str) -> Option<Place> {
    let (chunk, row) = text.split_once('.')?;
    Some(Place {
        chunk: chunk.parse().ok()?,
        row: row.parse().ok()?,
    })
}

/// Where the pages up to this one begin, the last `MAX_TRAIL` of them.
fn cursor(trail: &[Place]) -> Option<String> {
    let kept = trail.get(trail.len().saturating_sub(MAX_TRAIL)..)?;
    let texts: Vec<String> = kept
        .iter()
        .map(|place| format!("{}.{}", place.chunk, place.row))
        .collect();
    (!texts.is_empty()).then(|| texts.join("-"))
}

/// Results with the way that led there.
struct Shown(Results, Vec<Place>);

impl Reply for Shown {
    type Body = Page<JobResult>;

    fn body(&self) -> Option<Page<JobResult>> {
        let Self(results, trail) = self;
        let onward = results
            .next
            .map(|next| trail.iter().copied().chain([next]).collect::<Vec<_>>());
        Some(Page {
            items: results.rows.iter().map(render::result).collect(),
            next_cursor: onward.and_then(|trail| cursor(&trail)),
            previous_cursor: trail.split_last().and_then(|(_, before)| cursor(before)),
            total: Total {
                count: results.total,
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
    let (rows, trail, limit) = (wanted.rows(), wanted.trail()?, wanted.limit()?);
    let place = trail.last().copied().unwrap_or_default();
    let results = jobs::results(&caller, JobId::from_uuid(id), rows, place, limit).await?;
    caller.answer(Shown(results, trail))
}
