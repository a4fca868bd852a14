//! Serial numbers, as people type them.

use claviger_api::client::Query;

use crate::{exit::Exit, failure::Failure};

/// Whether both are the same one, as the server compares them: case folded, without spaces and dashes.
pub(super) fn same(one: &str, other: &str) -> bool {
    folded(one) == folded(other)
}

/// The search that finds what has this one.
pub(super) fn query(named: &str) -> Query {
    vec![
        ("q".to_owned(), named.to_owned()),
        ("limit".to_owned(), "200".to_owned()),
    ]
}

/// Nothing of the kind `what`, which the commands `group` are for, has this one.
pub(super) fn unknown(what: &str, group: &str, named: &str) -> Failure {
    Failure::new(
        Exit::NotFound,
        format!("there is no {what} with the serial number {named:?}"),
    )
    .hint(format!(
        "leading zeros count here; `claviger {group} list --search TEXT` finds similar ones"
    ))
}

fn folded(serial: &str) -> String {
    serial
        .chars()
        .filter(|character| !character.is_whitespace() && *character != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn a_serial_is_found_however_it_is_typed_but_its_zeros_count() {
        assert!(same("ab-12 34", "AB1234"));
        assert!(!same("0012", "12"));
    }
}
