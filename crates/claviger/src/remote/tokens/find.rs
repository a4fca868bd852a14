//! Tokens by serial number: what stands on them, made into ids.

use claviger_api::client::Client;
use uuid::Uuid;

use crate::{failure::Failure, remote::serial};

/// The id of a token that is named by its serial number or its id.
pub(super) fn token(client: &Client, named: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let page = client.otp_tokens(&serial::query(named))?;
    let found = page
        .items
        .iter()
        .find(|token| serial::same(&token.serial_number, named));
    found
        .map(|token| token.id)
        .ok_or_else(|| serial::unknown("token", "tokens", named))
}
