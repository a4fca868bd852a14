//! Generated files: written into the tree, and proof that they still agree with what they are made from.

mod delivery;
mod roles;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::test::Counts;
use crate::tree::Tree;
use crate::{command, web};

/// The types that the console reads the REST API with.
const WEB_TYPES: &str = "web/src/lib/api/schema.d.ts";

/// One generated file.
struct Generated {
    path: &'static str,
    /// Makes its text; nothing when its source is not in the tree.
    make: fn(&Tree) -> Result<Option<String>>,
}

/// In order: the console's types are made from the OpenAPI document.
const GENERATED: &[Generated] = &[
    Generated {
        path: "examples/delivery.csv",
        make: |_| Ok(Some(delivery::csv())),
    },
    Generated {
        path: "examples/delivery.json",
        make: |_| Ok(Some(delivery::json())),
    },
    Generated {
        path: "docs/roles.md",
        make: |tree| roles::page(tree).map(Some),
    },
    Generated {
        path: WEB_TYPES,
        make: web_types,
    },
];

/// Writes every generated file.
///
/// Pages that only the code knows (the OpenAPI document, the settings) are written and compared by tests whose names
/// begin with `the_committed_`; `CLAVIGER_BLESS` makes them write.
pub(crate) fn run(tree: &Tree) -> Result<ExitCode> {
    let pages = command::cargo(tree, &["test", "--workspace", "--quiet", "--", "the_committed_"]);
    pages.with("CLAVIGER_BLESS", "1").run()?;
    for file in GENERATED {
        match (file.make)(tree)? {
            Some(text) => {
                let path = tree.path(file.path);
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(&path, text).with_context(|| format!("cannot write {}", file.path))?;
                println!("wrote   {}", file.path);
            }
            None => println!("absent  {} (its source is not in the tree)", file.path),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes every generated file anew and compares it with the one in the tree.
pub(crate) fn compare(tree: &Tree) -> Result<Counts> {
    let mut counts = Vec::new();
    for file in GENERATED {
        let made = (file.make)(tree)?;
        let kept = fs::read_to_string(tree.path(file.path)).ok();
        let verdict = verdict(made.as_deref(), kept.as_deref());
        println!("{verdict:<8} {}", file.path);
        counts.push(match verdict {
            Verdict::Same => Counts::success(),
            Verdict::Absent => Counts::default(),
            Verdict::Stale => Counts::failure(),
        });
    }
    let counts: Counts = counts.into_iter().sum();
    if counts.failed > 0 {
        println!("`cargo xtask generate` writes them anew");
    }
    Ok(counts)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Same,
    Stale,
    /// Neither the file nor its source is there.
    Absent,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(match self {
            Self::Same => "same",
            Self::Stale => "STALE",
            Self::Absent => "absent",
        })
    }
}

fn verdict(made: Option<&str>, kept: Option<&str>) -> Verdict {
    match (made, kept) {
        (None, None) => Verdict::Absent,
        (Some(made), Some(kept)) if made == kept => Verdict::Same,
        _ => Verdict::Stale,
    }
}

fn web_types(tree: &Tree) -> Result<Option<String>> {
    if !web::has_script(tree, "api") || !tree.has("docs/openapi.json") {
        return Ok(None);
    }
    web::install(tree)?;
    let folder = tree.path("target/generated");
    fs::create_dir_all(&folder)?;
    let out = folder.join("schema.d.ts");
    let program = tree.path("web/node_modules/.bin/openapi-typescript");
    let from = tree.path("docs/openapi.json").display().to_string();
    command::program(program, &tree.path("web"))
        .arguments(&[&from, "-o", &out.display().to_string()])
        .answer()?;
    fs::read_to_string(&out)
        .map(Some)
        .with_context(|| format!("cannot read {}", out.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_changed_by_hand_is_stale() {
        assert_eq!(verdict(Some("a"), Some("a")), Verdict::Same);
        assert_eq!(verdict(Some("a"), Some("b")), Verdict::Stale);
        assert_eq!(verdict(Some("a"), None), Verdict::Stale);
        assert_eq!(verdict(None, Some("b")), Verdict::Stale);
        assert_eq!(verdict(None, None), Verdict::Absent);
    }
}
