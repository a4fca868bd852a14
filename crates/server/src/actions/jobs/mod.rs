//! Long work, as those see it who asked for it: where it stands, what became of each row, stopping it.

mod cancel;
mod results;

use claviger_domain::JobId;
use claviger_store::{
    Reader,
    jobs::{self, Job},
    pages::Total,
};

pub use cancel::cancel;
pub use results::{Place, Results, results, results_csv};

use crate::{Failure, auth::Caller, rest::guard::JobRead};

/// One job.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<JobRead>, id: JobId) -> Result<Job, Failure> {
    let tenant = caller.tenant();
    let found = caller
        .read(async move |reader| Ok(jobs::get(reader, tenant, id).await?))
        .await?;
    found.ok_or(Failure::NotFound)
}

/// Jobs from the newest on, behind `after`; one more than `limit` when there are more; and how many there are in all.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<JobRead>, after: Option<JobId>, limit: u32) -> Result<(Vec<Job>, Total), Failure> {
    let tenant = caller.tenant();
    let read = async move |reader: &mut Reader| {
        let found = jobs::list(reader, tenant, after, limit.saturating_add(1)).await?;
        Ok((found, jobs::total(reader, tenant).await?))
    };
    caller.read(read).await
}
