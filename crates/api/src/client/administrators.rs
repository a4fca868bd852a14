//! `/administrators`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, Query, call::Call};
use crate::{Administrator, AdministratorChange, AdministratorDraft, AdministratorSession, Invitation, Page};

impl Client {
    /// One page of the tenant's administrators.
    pub fn administrators(&self, query: &Query) -> Result<Page<Administrator>, ClientError> {
        self.fetch(&Call::get("/administrators").query(query))
    }

    /// One of them.
    pub fn administrator(&self, id: Uuid) -> Result<Administrator, ClientError> {
        self.fetch(&Call::get(format!("/administrators/{id}")))
    }

    /// Invites an administrator; the link is in this answer and nowhere else.
    pub fn invite_administrator(&self, draft: &AdministratorDraft) -> Result<Invitation, ClientError> {
        self.fetch(&self.change(Method::POST, "/administrators").json(draft)?)
    }

    /// Makes a new link, in place of those before; it is in this answer and nowhere else.
    pub fn invite_administrator_again(&self, id: Uuid) -> Result<Invitation, ClientError> {
        self.fetch(&self.change(Method::POST, format!("/administrators/{id}/invitation")))
    }

    /// Changes an administrator as he was read at that revision.
    pub fn change_administrator(
        &self,
        id: Uuid,
        change: &AdministratorChange,
        revision: Option<i64>,
    ) -> Result<Administrator, ClientError> {
        self.fetch(
            &self
                .change(Method::PATCH, format!("/administrators/{id}"))
                .revision(revision)
                .json(change)?,
        )
    }

    /// One page of his sessions in the tenant.
    pub fn administrator_sessions(&self, id: Uuid, query: &Query) -> Result<Page<AdministratorSession>, ClientError> {
        self.fetch(&Call::get(format!("/administrators/{id}/sessions")).query(query))
    }

    /// Ends one of his sessions in the tenant.
    pub fn end_administrator_session(&self, id: Uuid, session: Uuid) -> Result<(), ClientError> {
        self.carry_out(&self.change(Method::DELETE, format!("/administrators/{id}/sessions/{session}")))
    }

    /// Ends all of them.
    pub fn end_administrator_sessions(&self, id: Uuid) -> Result<(), ClientError> {
        self.carry_out(&self.change(Method::DELETE, format!("/administrators/{id}/sessions")))
    }
}
