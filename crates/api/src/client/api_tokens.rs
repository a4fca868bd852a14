//! `/api-tokens`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, Query, call::Call};
use crate::{ApiToken, ApiTokenDraft, NewApiToken, Page};

impl Client {
    /// One page of API tokens.
    pub fn api_tokens(&self, query: &Query) -> Result<Page<ApiToken>, ClientError> {
        self.fetch(&Call::get("/api-tokens").query(query))
    }

    /// Makes an API token; its secret is in this answer and nowhere else.
    pub fn create_api_token(&self, draft: &ApiTokenDraft) -> Result<NewApiToken, ClientError> {
        self.fetch(&self.change(Method::POST, "/api-tokens").json(draft)?)
    }

    /// Ends an API token.
    pub fn revoke_api_token(&self, id: Uuid) -> Result<(), ClientError> {
        self.carry_out(&self.change(Method::DELETE, format!("/api-tokens/{id}")))
    }
}
