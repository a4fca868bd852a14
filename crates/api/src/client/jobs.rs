//! `/jobs`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, Query, call::Call};
use crate::{Job, JobResult, Page};

impl Client {
    /// One page of jobs.
    pub fn jobs(&self, query: &Query) -> Result<Page<Job>, ClientError> {
        self.fetch(&Call::get("/jobs").query(query))
    }

    /// One job.
    pub fn job(&self, id: Uuid) -> Result<Job, ClientError> {
        self.fetch(&Call::get(format!("/jobs/{id}")))
    }

    /// Asks a job to stop.
    pub fn cancel_job(&self, id: Uuid) -> Result<Job, ClientError> {
        self.fetch(&self.change(Method::POST, format!("/jobs/{id}/cancel")))
    }

    /// One page of what became of a job's rows.
    pub fn job_results(&self, id: Uuid, query: &Query) -> Result<Page<JobResult>, ClientError> {
        self.fetch(&Call::get(format!("/jobs/{id}/results")).query(query))
    }
}
