//! `/security-keys/{id}/initial-pin`.

use reqwest::Method;
use uuid::Uuid;

use super::{Client, ClientError, call::Call};
use crate::{InitialPin, ShowInitialPin, ShownInitialPin};

impl Client {
    /// Whether the initial PIN of a key can be shown; holds no secret.
    pub fn initial_pin(&self, id: Uuid) -> Result<InitialPin, ClientError> {
        self.fetch(&Call::get(format!("/security-keys/{id}/initial-pin")))
    }

    /// Shows an initial PIN; its audit event is committed before.
    pub fn show_initial_pin(&self, id: Uuid, which: &ShowInitialPin) -> Result<ShownInitialPin, ClientError> {
        self.fetch(
            &self
                .change(Method::POST, format!("/security-keys/{id}/initial-pin/show"))
                .json(which)?,
        )
    }
}
