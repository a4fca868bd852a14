//! What a newcomer reads is there: module introductions, the changelog, decisions in order, pages that exist.

use super::source::is_test_path;
use super::{Finding, House};

/// Finds modules that do not begin with what a reader may rely on.
pub(super) fn modules(house: &House) -> Vec<Finding> {
    let silent = house
        .sources(&[".rs"])
        .filter(|(path, text)| !text.trim_start().starts_with("//!") && !is_introduced(path));
    silent
        .map(|(path, _)| {
            Finding::at(
                path,
                "the first line does not say what the module is for (`//! …`)".to_owned(),
            )
        })
        .collect()
}

/// Tests say what they are for in their names.
fn is_introduced(path: &str) -> bool {
    is_test_path(path) || path.ends_with("build.rs")
}

/// Finds a changelog without its section for what comes next, and an ARCHITECTURE longer than two pages.
pub(super) fn root_documents(house: &House) -> Vec<Finding> {
    let mut found = Vec::new();
    let wanted = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "GLOSSARY.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ];
    found.extend(
        wanted
            .iter()
            .filter(|name| !house.files.contains_key(**name))
            .map(|name| Finding::at(name, "is missing".to_owned())),
    );
    if house
        .files
        .get("CHANGELOG.md")
        .is_some_and(|text| !text.contains("## [Unreleased]"))
    {
        found.push(Finding::at("CHANGELOG.md", "has no section [Unreleased]".to_owned()));
    }
    let pages = house
        .files
        .get("ARCHITECTURE.md")
        .map_or(0, |text| text.split_whitespace().count());
    if pages > 1_200 {
        found.push(Finding::at(
            "ARCHITECTURE.md",
            format!("has {pages} words; two pages hold 1,200"),
        ));
    }
    found
}

/// Finds gaps in the numbers of the decisions, and decisions without their three parts.
pub(super) fn decisions(house: &House) -> Vec<Finding> {
    let pages = house
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("docs/adr/") && !path.ends_with("README.md"));
    let mut found = Vec::new();
    for (index, (path, text)) in pages.enumerate() {
        let number = format!("docs/adr/{:04}-", index + 1);
        if !path.starts_with(&number) {
            found.push(Finding::at(
                path,
                format!("decisions are numbered without gaps: {number}… is expected here"),
            ));
        }
        for part in ["## Context", "## Decision", "## Consequences"] {
            if !text.contains(part) {
                found.push(Finding::at(path, format!("has no part “{part}”")));
            }
        }
    }
    found
}

/// Finds links in our pages to files that are not in the tree.
pub(super) fn links(house: &House) -> Vec<Finding> {
    let pages = house.sources(&[".md"]);
    pages
        .flat_map(|(path, text)| targets(text).filter_map(move |target| broken(house, path, target)))
        .collect()
}

fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
}

fn broken(house: &House, path: &str, target: &str) -> Option<Finding> {
    if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    let wanted = parts.join("/");
    let exists = house
        .files
        .keys()
        .any(|file| *file == wanted || file.starts_with(&format!("{wanted}/")))
        || house.exists(&wanted);
    (!exists).then(|| Finding::at(path, format!("links to {target}, which is not in the tree")))
}

#[cfg(test)]
mod tests {
    use super::super::samples::house;
    use super::*;

    #[test]
    fn a_module_without_an_introduction_is_found() {
        assert_eq!(modules(&house(&[("crates/a/src/b.rs", "fn a() {}")])).len(), 1);
        assert!(modules(&house(&[("crates/a/src/b.rs", "//! Says it.\nfn a() {}")])).is_empty());
    }

    #[test]
    fn missing_root_documents_and_a_changelog_without_a_future_are_found() {
        assert_eq!(root_documents(&house(&[])).len(), 8);
        assert_eq!(root_documents(&house(&[("CHANGELOG.md", "# Changelog")])).len(), 8);
    }

    #[test]
    fn a_gap_between_decisions_is_found() {
        let text = "## Context\n## Decision\n## Consequences\n";
        assert!(decisions(&house(&[("docs/adr/0001-a.md", text), ("docs/adr/0002-b.md", text)])).is_empty());
        assert_eq!(
            decisions(&house(&[("docs/adr/0001-a.md", text), ("docs/adr/0003-b.md", text)])).len(),
            1
        );
        assert_eq!(decisions(&house(&[("docs/adr/0001-a.md", "## Context\n")])).len(), 2);
    }

    #[test]
    fn a_link_into_the_void_is_found() {
        let page = "[a](../README.md) [b](gone.md) [c](https://example.org)";
        assert_eq!(links(&house(&[("docs/a.md", page), ("README.md", "")])).len(), 1);
    }
}
