//! `/roles`.

use reqwest::Method;

use super::{
    Client, ClientError, Query,
    call::{Call, part},
};
use crate::{Page, Role, RoleDraft};

impl Client {
    /// One page of roles, built-in ones first.
    pub fn roles(&self, query: &Query) -> Result<Page<Role>, ClientError> {
        self.fetch(&Call::get("/roles").query(query))
    }

    /// One role.
    pub fn role(&self, name: &str) -> Result<Role, ClientError> {
        self.fetch(&Call::get(address(name)))
    }

    /// Makes a role.
    pub fn create_role(&self, draft: &RoleDraft) -> Result<Role, ClientError> {
        self.fetch(&self.change(Method::POST, "/roles").json(draft)?)
    }

    /// Changes a role as it was read at that revision.
    pub fn update_role(&self, name: &str, draft: &RoleDraft, revision: Option<i64>) -> Result<Role, ClientError> {
        self.fetch(&self.change(Method::PUT, address(name)).revision(revision).json(draft)?)
    }

    /// Removes a role that nobody holds.
    pub fn delete_role(&self, name: &str, revision: Option<i64>) -> Result<(), ClientError> {
        self.carry_out(&self.change(Method::DELETE, address(name)).revision(revision))
    }
}

fn address(name: &str) -> String {
    format!("/roles/{}", part(name))
}
