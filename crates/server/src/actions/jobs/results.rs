//! What became of each row of a job.

use claviger_domain::JobId;
use claviger_formats::csv_out::CsvOut;
use claviger_store::jobs::{self, Outcome, RowResult, Rows};

use crate::{Failure, auth::Caller, rest::guard::JobRead};

/// Where a page of results begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The chunk.
    pub chunk: u32,
    /// How many of its rows are behind us.
    pub row: u32,
}

/// A page of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// The rows.
    pub rows: Vec<RowResult>,
    /// Where the next page begins, if there is one.
    pub next: Option<Place>,
    /// How many rows there are in all, with that outcome.
    pub total: u64,
}

/// A page of results from a place on.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn results(
    caller: &Caller<JobRead>,
    id: JobId,
    wanted: Rows,
    from: Place,
    limit: u32,
) -> Result<Results, Failure> {
    let job = super::get(caller, id).await?;
    let tenant = caller.tenant();
    let total = if wanted == Rows::Refused { job.refused } else { job.done };
    let (mut rows, mut place) = (Vec::new(), Some(from));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    while let Some(at) = place.filter(|_| rows.len() < limit) {
        let read = async move |reader: &mut claviger_store::Reader| {
            Ok(jobs::results(reader, tenant, id, at.chunk, wanted).await?)
        };
        place = caller
            .read(read)
            .await?
            .map(|(chunk, found)| fill(&mut rows, limit, at, chunk, found));
    }
    Ok(Results {
        rows,
        next: place,
        total,
    })
}

/// Takes rows of a chunk until the page is full; answers where the next one goes on.
fn fill(rows: &mut Vec<RowResult>, limit: usize, at: Place, chunk: u32, found: Vec<RowResult>) -> Place {
    let skip = if chunk == at.chunk {
        usize::try_from(at.row).unwrap_or(usize::MAX)
    } else {
        0
    };
    let count = found.len();
    let room = limit.saturating_sub(rows.len());
    rows.extend(found.into_iter().skip(skip).take(room));
    let reached = skip.saturating_add(room);
    if reached < count {
        Place {
            chunk,
            row: u32::try_from(reached).unwrap_or(u32::MAX),
        }
    } else {
        Place {
            chunk: chunk.saturating_add(1),
            row: 0,
        }
    }
}

/// A piece of the results as CSV, from chunk `at` on, with the chunk that comes next; `None` behind the last.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn results_csv(
    caller: &Caller<JobRead>,
    id: JobId,
    wanted: Rows,
    at: u32,
) -> Result<Option<(Vec<u8>, u32)>, Failure> {
    if at == 0 {
        super::get(caller, id).await?;
    }
    let tenant = caller.tenant();
    let found = caller
        .read(async move |reader| Ok(jobs::results(reader, tenant, id, at, wanted).await?))
        .await?;
    Ok(found.map(|(chunk, rows)| {
        let mut out = CsvOut::default();
        for row in rows {
            let (outcome, detail) = match row.outcome {
                Outcome::Done => ("done", String::new()),
                Outcome::Refused(reason) => ("refused", reason),
            };
            let id = row.object.map_or_else(String::new, |id| id.to_string());
            out.cell(&id).cell(&row.label).cell(outcome).cell(&detail).end();
        }
        (out.take(), chunk.saturating_add(1))
    }))
}
