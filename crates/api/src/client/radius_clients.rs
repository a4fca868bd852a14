//! `/radius-clients`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, call::Call};
use crate::{RadiusClient, RadiusClientChange, RadiusClientDraft, RadiusClients};

impl Client {
    /// The tenant's RADIUS clients, and where the server answers RADIUS.
    pub fn radius_clients(&self) -> Result<RadiusClients, ClientError> {
        self.fetch(&Call::get("/radius-clients"))
    }

    /// Adds a RADIUS client.
    pub fn add_radius_client(&self, draft: &RadiusClientDraft) -> Result<RadiusClient, ClientError> {
        self.fetch(&self.change(Method::POST, "/radius-clients").json(draft)?)
    }

    /// Changes a RADIUS client as it was read at that revision.
    pub fn change_radius_client(
        &self,
        id: Uuid,
        change: &RadiusClientChange,
        revision: Option<i64>,
    ) -> Result<RadiusClient, ClientError> {
        self.fetch(
            &self
                .change(Method::PATCH, format!("/radius-clients/{id}"))
                .revision(revision)
                .json(change)?,
        )
    }

    /// Takes a RADIUS client away.
    pub fn remove_radius_client(&self, id: Uuid, revision: Option<i64>) -> Result<(), ClientError> {
        self.carry_out(
            &self
                .change(Method::DELETE, format!("/radius-clients/{id}"))
                .revision(revision),
        )
    }
}
