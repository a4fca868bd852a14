//! `/session`.

use super::{Client, ClientError, call::Call};
use crate::Session;

impl Client {
    /// Who the caller is, and what he may do.
    pub fn session(&self) -> Result<Session, ClientError> {
        self.fetch(&Call::get("/session"))
    }
}
