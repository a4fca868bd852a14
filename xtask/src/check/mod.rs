//! `cargo xtask check`: the rules of the house, each with a test that it can fail.

mod allow;
mod arrows;
mod documents;
mod exports;
mod lengths;
mod metadata;
mod places;
mod source;
mod supply;
mod words;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use allow::Allowed;
use metadata::Metadata;

use crate::test::Counts;
use crate::tree::{Files, Tree};

/// What `check` takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs only these rules
    rules: Vec<String>,
}

/// A place in the tree where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    /// A path, often with a line: `crates/a/src/lib.rs:12`.
    place: String,
    message: String,
}

/// What the rules read.
struct House {
    root: Option<String>,
    files: Files,
    metadata: Metadata,
}

struct Rule {
    name: &'static str,
    about: &'static str,
    find: fn(&House) -> Vec<Finding>,
}

// The schema's rules are checked on the migrated schema itself, by the store's tests.
const RULES: &[Rule] = &[
    Rule {
        name: "arrows",
        about: "crates depend on each other as architecture says",
        find: arrows::rule,
    },
    Rule {
        name: "file-length",
        about: "no file over 400 lines without its tests",
        find: lengths::files,
    },
    Rule {
        name: "function-length",
        about: "nine of ten functions within 40 lines",
        find: lengths::functions,
    },
    Rule {
        name: "words",
        about: "one word for one thing in identifiers",
        find: words::identifiers_rule,
    },
    Rule {
        name: "texts",
        about: "one word for one thing in the console",
        find: words::texts_rule,
    },
    Rule {
        name: "exports",
        about: "no public item that nothing else uses",
        find: exports::rule,
    },
    Rule {
        name: "places",
        about: "no paths of a machine, no hosts of registries",
        find: places::rule,
    },
    Rule {
        name: "modules",
        about: "every module says what it is for",
        find: documents::modules,
    },
    Rule {
        name: "documents",
        about: "the documents at the root",
        find: documents::root_documents,
    },
    Rule {
        name: "decisions",
        about: "decisions are numbered and whole",
        find: documents::decisions,
    },
    Rule {
        name: "links",
        about: "no page links into the void",
        find: documents::links,
    },
];

/// Runs the chosen rules and the supply chain's, and shows what they found.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    let known = |name: &&String| *name != "supply-chain" && RULES.iter().all(|rule| rule.name != name.as_str());
    if let Some(unknown) = options.rules.iter().find(known) {
        let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        bail!(
            "there is no rule {unknown}; the rules are {}, supply-chain",
            names.join(", ")
        );
    }
    let counts = run_rules(tree, &options.rules)?;
    println!("{} passed, {} failed", counts.passed, counts.failed);
    Ok(if counts.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs every rule; a rule counts as one test.
pub(crate) fn report(tree: &Tree) -> Result<Counts> {
    run_rules(tree, &[])
}

fn run_rules(tree: &Tree, only: &[String]) -> Result<Counts> {
    let house = House::of(tree)?;
    let allowed = Allowed::read(tree)?;
    let is_chosen = |name: &str| only.is_empty() || only.iter().any(|chosen| chosen == name);
    let mut counts = Vec::new();
    for rule in RULES.iter().filter(|rule| is_chosen(rule.name)) {
        let findings = allowed.sift(rule.name, (rule.find)(&house));
        counts.push(show(rule.name, rule.about, &findings));
    }
    if is_chosen("supply-chain") {
        let findings = supply::findings(tree, &house)?;
        counts.push(show(
            "supply-chain",
            "licences, sources, bans and advisories (S24)",
            &findings,
        ));
    }
    Ok(counts.into_iter().sum())
}

fn show(name: &str, about: &str, findings: &[Finding]) -> Counts {
    if findings.is_empty() {
        println!("ok      {name:<16} {about}");
        return Counts::success();
    }
    println!("BROKEN  {name:<16} {about}: {}", findings.len());
    for finding in findings {
        println!("    {}: {}", finding.place, finding.message);
    }
    Counts::failure()
}

impl Finding {
    fn at(place: &str, message: String) -> Self {
        Self {
            place: place.to_owned(),
            message,
        }
    }
}

impl House {
    fn of(tree: &Tree) -> Result<Self> {
        let root = Some(tree.root().display().to_string());
        Ok(Self {
            root,
            files: tree.files()?,
            metadata: Metadata::of(tree, "Cargo.toml")?,
        })
    }

    /// The files whose names end with one of these, by path.
    fn sources<'a>(&'a self, ends: &'a [&'a str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self
            .files
            .iter()
            .filter(|(path, _)| ends.iter().any(|end| path.ends_with(end)));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Whether a path exists on disk; a picture is no text and so not among the files.
    fn exists(&self, path: &str) -> bool {
        self.root
            .as_ref()
            .is_some_and(|root| std::path::Path::new(root).join(path).exists())
    }
}

#[cfg(test)]
mod samples {
    use super::{House, Metadata};

    /// A small tree that breaks what a test wants broken.
    pub(super) fn house(files: &[(&str, &str)]) -> House {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        House {
            root: None,
            files,
            metadata: Metadata::default(),
        }
    }
}
