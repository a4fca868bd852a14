//! `/approvals`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, Query, call::Call};
use crate::{Approval, ApprovalDraft, NoArguments, Page};

impl Client {
    /// One page of requests for a second person's agreement.
    pub fn approvals(&self, query: &Query) -> Result<Page<Approval>, ClientError> {
        self.fetch(&Call::get("/approvals").query(query))
    }

    /// One of them.
    pub fn approval(&self, id: Uuid) -> Result<Approval, ClientError> {
        self.fetch(&Call::get(format!("/approvals/{id}")))
    }

    /// Asks for a second person's agreement.
    pub fn ask_approval(&self, draft: &ApprovalDraft) -> Result<Approval, ClientError> {
        self.fetch(&self.change(Method::POST, "/approvals").json(draft)?)
    }

    /// Answers a request: `verb` is `approve` or `decline`.
    pub fn answer_approval(&self, id: Uuid, verb: &str, revision: Option<i64>) -> Result<Approval, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/approvals/{id}/{verb}"))
                .revision(revision)
                .json(&NoArguments {})?,
        )
    }
}
