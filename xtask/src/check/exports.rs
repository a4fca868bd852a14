//! No dead exports: what a crate makes public is used outside the file that declares it.
//!
//! The compiler finds unused private items; of public ones it must assume the best. This rule reads names only: a
//! name that stands in no other file is dead, or needs no `pub`.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{code, identifiers, production};
use super::{Finding, House};

const DECLARES: [&str; 7] = ["fn", "struct", "enum", "trait", "const", "static", "type"];

/// Finds public items of our library crates that no other file names.
pub(super) fn rule(house: &House) -> Vec<Finding> {
    let sources: Vec<(&str, String)> = house.sources(&[".rs"]).map(|(path, text)| (path, code(text))).collect();
    let users = users(&sources);
    let declared = house
        .sources(&[".rs"])
        .filter(|(path, _)| path.starts_with("crates/") && path.contains("/src/") && !path.ends_with("/main.rs"));
    let mut found = Vec::new();
    for (path, text) in declared {
        for (line, name) in public_items(&code(production(text))) {
            let is_used = users
                .get(name.as_str())
                .is_some_and(|files| files.iter().any(|file| *file != path));
            if !is_used {
                found.push(Finding::at(
                    &format!("{path}:{line}"),
                    format!("`{name}` is public and no other file uses it"),
                ));
            }
        }
    }
    found
}

/// For every name the files that use it. Handing a name on (`pub use`) is not a use.
fn users<'a>(sources: &'a [(&'a str, String)]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, code) in sources {
        for statement in code.split_inclusive(';').filter(|statement| !is_handed_on(statement)) {
            for (_, name) in identifiers(statement) {
                users.entry(name).or_default().insert(*path);
            }
        }
    }
    users
}

fn is_handed_on(statement: &str) -> bool {
    let statement = statement.trim_start();
    let unmarked = statement
        .strip_prefix("pub(crate) ")
        .or_else(|| statement.strip_prefix("pub "));
    unmarked.is_some_and(|rest| rest.starts_with("use "))
}

fn public_items(code: &str) -> Vec<(usize, String)> {
    let lines = code.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let mut words = line.trim_start().strip_prefix("pub ")?.split_whitespace().peekable();
            let modifiers = ["async", "const", "unsafe", "extern"];
            let mut kind = words.next()?;
            while modifiers.contains(&kind)
                && words
                    .peek()
                    .is_some_and(|next| *next == "fn" || modifiers.contains(next))
            {
                kind = words.next()?;
            }
            let name: String = words
                .next()?
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            DECLARES.contains(&kind).then_some((index + 1, name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::house;
    use super::*;

    #[test]
    fn an_export_that_only_its_own_file_uses_is_found() {
        let own = "pub fn used() {}\npub async fn dead() {}\nfn b() { dead() }\n";
        let sample = house(&[
            ("crates/a/src/lib.rs", own),
            ("crates/b/src/lib.rs", "fn c() { a::used() }"),
        ]);
        let found = rule(&sample);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`dead`"));
    }

    #[test]
    fn handing_a_name_on_is_not_using_it() {
        let sample = house(&[
            ("crates/a/src/b.rs", "pub const fn dead() {}"),
            ("crates/a/src/lib.rs", "mod b;\npub use b::dead;"),
        ]);
        assert_eq!(rule(&sample).len(), 1);
    }
}
