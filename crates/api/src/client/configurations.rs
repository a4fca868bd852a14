//! `/security-keys/{id}/configuration`. What else a workstation says of a key is a command on it.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError};
use crate::{Configuration, Configure, ConfirmConfiguration, SecurityKey};

impl Client {
    /// Begins a configuration, or resumes the one that was begun: the answer holds the secrets to write.
    pub fn configure(&self, id: Uuid, order: &Configure, revision: Option<i64>) -> Result<Configuration, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/security-keys/{id}/configuration"))
                .revision(revision)
                .json(order)?,
        )
    }

    /// Confirms that the key holds its configuration.
    pub fn confirm_configuration(
        &self,
        id: Uuid,
        generation: u32,
        seen: &ConfirmConfiguration,
        revision: Option<i64>,
    ) -> Result<SecurityKey, ClientError> {
        let path = format!("/security-keys/{id}/configuration/{generation}/confirm");
        self.fetch(&self.change(Method::POST, path).revision(revision).json(seen)?)
    }

    /// Drops the configuration that was begun and shreds its secrets.
    pub fn abandon_configuration(&self, id: Uuid, revision: Option<i64>) -> Result<SecurityKey, ClientError> {
        self.fetch(
            &self
                .change(Method::DELETE, format!("/security-keys/{id}/configuration"))
                .revision(revision),
        )
    }
}
