//! What became of each row of a job, as a file.

use axum::response::IntoResponse as _;
use bytes::Bytes;
use claviger_domain::JobId;
use claviger_store::jobs::Rows;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::results::Outcome;
use crate::{
    actions::jobs,
    auth::Caller,
    rest::{Answer, Path, Query, csv, guard::JobRead},
};

/// Which results.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// `refused` leaves out the rows that were done.
    #[param(inline)]
    outcome: Option<Outcome>,
}

/// What became of each row, as a file.
#[utoipa::path(
    get, path = "/jobs/{id}/results.csv", operation_id = "job_results_csv", tag = "jobs",
    params(("id" = Uuid, Path, description = "The job"), Wanted),
    responses((status = 200, content_type = "text/csv", body = String)),
)]
pub(super) async fn results_csv(caller: Caller<JobRead>, Path(id): Path<Uuid>, Query(wanted): Query<Wanted>) -> Answer {
    let (id, rows) = (JobId::from_uuid(id), wanted.outcome.map_or(Rows::All, Outcome::rows));
    let first = jobs::results_csv(&caller, id, rows, 0).await?;
    let header = stream::iter([Ok(Bytes::from_static(b"id,label,outcome,detail\r\n"))]);
    let rest = stream::unfold(first.map(Ok), move |piece| {
        let caller = caller.clone();
        async move {
            match piece? {
                Ok((bytes, next)) => {
                    let next = jobs::results_csv(&caller, id, rows, next).await.transpose();
                    Some((Ok(Bytes::from(bytes)), next))
                }
                Err(failure) => Some((Err(csv::broken(&failure)), None)),
            }
        }
    });
    Ok(csv::file("results.csv", header.chain(rest)).into_response())
}
