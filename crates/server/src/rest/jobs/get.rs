//! One job and how far it is.

use claviger_domain::JobId;
use uuid::Uuid;

use crate::{
    actions,
    auth::Caller,
    rest::{Answer, Path, guard::JobRead},
};

/// One job: where it stands and how far it is.
#[utoipa::path(
    get, path = "/jobs/{id}", operation_id = "job_get", tag = "jobs",
    params(("id" = Uuid, Path, description = "The job")),
    responses((status = 200, body = claviger_api::Job)),
)]
pub(super) async fn get(caller: Caller<JobRead>, Path(id): Path<Uuid>) -> Answer {
    let job = actions::jobs::get(&caller, JobId::from_uuid(id)).await?;
    caller.answer(job)
}
