//! Keys by serial number, policies by name: what people have, made into ids.

use claviger_api::client::{Client, Query};
use uuid::Uuid;

use crate::{
    exit::Exit,
    failure::Failure,
    remote::listing::{self, Amount},
};

/// The id of a key that is named by its serial number or its id.
pub(crate) fn key(client: &Client, named: &str) -> Result<Uuid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    // Disposed keys are in no list unless they are asked for.
    for status in [None, Some("disposed")] {
        let mut query = vec![
            ("q".to_owned(), named.to_owned()),
            ("limit".to_owned(), "200".to_owned()),
        ];
        query.extend(status.map(|status| ("status".to_owned(), status.to_owned())));
        let page = client.security_keys(&query)?;
        if let Some(found) = page
            .items
            .iter()
            .find(|key| folded(&key.serial_number) == folded(named))
        {
            return Ok(found.id);
        }
    }
    Err(Failure::new(
        Exit::NotFound,
        format!("there is no key with the serial number {named:?}"),
    )
    .hint("leading zeros count here; `claviger keys list --search TEXT` finds similar ones"))
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

/// As the server compares serial numbers: case folded, without spaces and dashes.
pub(crate) fn folded(serial: &str) -> String {
    serial
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn a_serial_is_found_however_it_is_typed_but_its_zeros_count() {
        assert_eq!(folded("ab-12 34"), folded("AB1234"));
        assert_ne!(folded("0012"), folded("12"));
    }
}
