//! Tokens by serial number: what stands on them, made into ids.

use claviger_api::client::Client;
use uuid::Uuid;

use crate::{exit::Exit, failure::Failure, remote::keys::folded};

/// The id of a token that is named by its serial number or its id.
pub(super) fn token(client: &Client, named: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let query = vec![
        ("q".to_owned(), named.to_owned()),
        ("limit".to_owned(), "200".to_owned()),
    ];
    let page = client.otp_tokens(&query)?;
    let same = |serial: &str| folded(serial) == folded(named);
    let found = page.items.iter().find(|token| same(&token.serial_number));
    found.map(|token| token.id).ok_or_else(|| {
        Failure::new(
            Exit::NotFound,
            format!("there is no token with the serial number {named:?}"),
        )
        .hint("leading zeros count here; `claviger tokens list --search TEXT` finds similar ones")
    })
}
