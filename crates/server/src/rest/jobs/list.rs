//! The jobs of a tenant, newest first.

use claviger_domain::JobId;

use super::render;
use crate::{
    actions,
    auth::Caller,
    rest::{Answer, Query, guard::JobRead, newest_first::NewestFirst},
};

/// Jobs, the newest first.
#[utoipa::path(
    get, path = "/jobs", operation_id = "job_list", tag = "jobs",
    params(NewestFirst),
    responses((status = 200, body = claviger_api::Page<claviger_api::Job>)),
)]
pub(super) async fn list(caller: Caller<JobRead>, Query(wanted): Query<NewestFirst>) -> Answer {
    let place = wanted.place()?;
    let jobs = actions::jobs::list(&caller, place.after().map(JobId::from_uuid), place.limit()).await?;
    caller.answer(place.page(jobs, |job| job.id.as_uuid(), render::job))
}
