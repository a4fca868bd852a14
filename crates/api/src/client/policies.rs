//! `/policies`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, Query, call::Call};
use crate::{NewPolicy, Page, Policy, PolicyDraft, PolicyVersion};

impl Client {
    /// One page of policies.
    pub fn policies(&self, query: &Query) -> Result<Page<Policy>, ClientError> {
        self.fetch(&Call::get("/policies").query(query))
    }

    /// One policy.
    pub fn policy(&self, id: Uuid) -> Result<Policy, ClientError> {
        self.fetch(&Call::get(format!("/policies/{id}")))
    }

    /// Makes a policy.
    pub fn create_policy(&self, policy: &NewPolicy) -> Result<Policy, ClientError> {
        self.fetch(&self.change(Method::POST, "/policies").json(policy)?)
    }

    /// Changes a policy as it was read at that revision; one in use gets a new version.
    pub fn update_policy(&self, id: Uuid, draft: &PolicyDraft, revision: i64) -> Result<Policy, ClientError> {
        self.fetch(
            &self
                .change(Method::PUT, format!("/policies/{id}"))
                .revision(Some(revision))
                .json(draft)?,
        )
    }

    /// Puts a policy away, or brings it back: `verb` is `archive` or `restore`.
    pub fn command_policy(&self, id: Uuid, verb: &str, revision: Option<i64>) -> Result<Policy, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/policies/{id}/{verb}"))
                .revision(revision),
        )
    }

    /// Deletes a policy that no key uses.
    pub fn delete_policy(&self, id: Uuid, revision: Option<i64>) -> Result<(), ClientError> {
        self.carry_out(
            &self
                .change(Method::DELETE, format!("/policies/{id}"))
                .revision(revision),
        )
    }

    /// One page of a policy's versions.
    pub fn policy_versions(&self, id: Uuid, query: &Query) -> Result<Page<PolicyVersion>, ClientError> {
        self.fetch(&Call::get(format!("/policies/{id}/versions")).query(query))
    }
}
