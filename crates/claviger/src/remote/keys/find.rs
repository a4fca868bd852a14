//! Keys by serial number, policies by name: what people have, made into ids.

use claviger_api::client::{Client, Query};
use uuid::Uuid;

use crate::{
    exit::Exit,
    failure::Failure,
    remote::{
        listing::{self, Amount},
        serial,
    },
};

/// The id of a key that is named by its serial number or its id.
pub(crate) fn key(client: &Client, named: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    // Disposed keys are in no list unless they are asked for.
    for status in [None, Some("disposed")] {
        let mut query = serial::query(named);
        query.extend(status.map(|status| ("status".to_owned(), status.to_owned())));
        let page = client.security_keys(&query)?;
        let found = page.items.iter().find(|key| serial::same(&key.serial_number, named));
        if let Some(found) = found {
            return Ok(found.id);
        }
    }
    Err(serial::unknown("key", "keys", named))
}

/// The id of a policy that is named by its name or its id.
pub(crate) fn policy(client: &Client, named: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let (policies, _) = listing::collect(Amount::ALL, &Query::new(), |query| client.policies(query))?;
    let wanted = named.trim().to_lowercase();
    let found = policies
        .iter()
        .find(|policy| policy.terms.name.trim().to_lowercase() == wanted);
    found.map(|policy| policy.id).ok_or_else(|| {
        Failure::new(Exit::NotFound, format!("there is no policy with the name {named:?}"))
            .hint("`claviger policies list` shows them all")
    })
}
