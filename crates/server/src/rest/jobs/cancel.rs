//! Asks a job to stop.

use claviger_domain::JobId;
use uuid::Uuid;

use crate::{
    actions,
    auth::Caller,
    rest::{Answer, Json, Path, guard::JobRead},
};

/// Stops a job before its next chunk. Needs the privilege that starting it needed.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", operation_id = "job_cancel", tag = "jobs",
    params(("id" = Uuid, Path, description = "The job")),
    request_body = claviger_api::NoArguments,
    responses((status = 200, body = claviger_api::Job)),
)]
pub(super) async fn cancel(
    caller: Caller<JobRead>,
    Path(id): Path<Uuid>,
    _none: Json<claviger_api::NoArguments>,
) -> Answer {
    let job = actions::jobs::cancel(&caller, JobId::from_uuid(id)).await?;
    caller.answer(job)
}
