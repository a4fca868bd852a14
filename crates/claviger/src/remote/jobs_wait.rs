//! Waiting for a job, with a bar.

use std::{thread, time::Duration};

use claviger_api::{Job, JobStatus};
use uuid::Uuid;

use super::Context;
use crate::{exit::Exit, failure::Failure, output};

/// Waits until the job has ended, and answers how.
pub(crate) fn until_ended(context: &Context, id: Uuid, what: &'static str) -> Result<Job, Failure> {
    let mut job = context.client.job(id)?;
    let bar = output::bar(&context.output, what, job.progress.total);
    let mut pause = Duration::from_millis(100);
    loop {
        bar.set_length(job.progress.total);
        bar.set_position(job.progress.done);
        if ended(job.status) {
            bar.finish_and_clear();
            return Ok(job);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_secs(1));
        job = context.client.job(id)?;
    }
}

/// Refuses to call a job done that is not.
pub(crate) fn well(job: &Job) -> Result<(), Failure> {
    match job.status {
        JobStatus::Done => Ok(()),
        JobStatus::Cancelled => Err(Failure::new(Exit::JobEnded, format!("job {} was cancelled", job.id))),
        JobStatus::Failed | JobStatus::Queued | JobStatus::Running => {
            let why = job.error.as_deref().unwrap_or("the server's log says why");
            Err(Failure::new(Exit::JobEnded, format!("job {} failed: {why}", job.id)))
        }
    }
}

fn ended(status: JobStatus) -> bool {
    match status {
        JobStatus::Queued | JobStatus::Running => false,
        JobStatus::Done | JobStatus::Failed | JobStatus::Cancelled => true,
    }
}
