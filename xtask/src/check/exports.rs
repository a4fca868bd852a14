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
        let code = code(production(text));
        for item in public_items(&code) {
            let elsewhere = users
                .get(item.name)
                .is_some_and(|files| files.iter().any(|file| *file != path));
            if !elsewhere && !item.is_part_of_another(&code) {
                let message = format!("`{}` is public and no other file uses it", item.name);
                found.push(Finding::at(&format!("{path}:{}", item.line), message));
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

struct Item<'a> {
    line: usize,
    kind: &'a str,
    name: &'a str,
}

impl Item<'_> {
    /// Whether another item of the same file shows this type: then it is as public as that one has to be.
    fn is_part_of_another(&self, code: &str) -> bool {
        if !["struct", "enum", "trait", "type"].contains(&self.kind) {
            return false;
        }
        let others = code
            .lines()
            .enumerate()
            .filter(|(index, line)| index + 1 != self.line && !line.trim_start().starts_with("impl"));
        others
            .flat_map(|(_, line)| identifiers(line))
            .any(|(_, name)| name == self.name)
    }
}

fn public_items(code: &str) -> Vec<Item<'_>> {
    code.lines()
        .enumerate()
        .filter_map(|(index, line)| public_item(index + 1, line))
        .collect()
}

fn public_item(line: usize, text: &str) -> Option<Item<'_>> {
    let mut words = text.trim_start().strip_prefix("pub ")?.split_whitespace().peekable();
    let modifiers = ["async", "const", "unsafe", "extern"];
    let mut kind = words.next()?;
    while modifiers.contains(&kind)
        && words
            .peek()
            .is_some_and(|next| *next == "fn" || modifiers.contains(next))
    {
        kind = words.next()?;
    }
    let name = words
        .next()?
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()?;
    // A name that a macro fills in is not known here.
    (DECLARES.contains(&kind) && !name.is_empty()).then_some(Item { line, kind, name })
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
    fn a_type_that_another_item_shows_is_no_finding_and_one_with_methods_alone_is() {
        let own = "pub struct Page { total: Total }\npub struct Total;\npub struct Dead;\nimpl Dead {}\n";
        let sample = house(&[
            ("crates/a/src/lib.rs", own),
            ("crates/b/src/lib.rs", "fn c(page: a::Page) {}"),
        ]);
        let found = rule(&sample);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`Dead`"));
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
