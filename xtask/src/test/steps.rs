//! The steps of the whole test, in order: cheap ones first, so that a slip is told early.

use anyhow::{Context as _, Result};

use super::{Counts, Postgres, venv};
use crate::tree::Tree;
use crate::{check, command, doctor, generate, web};

mod cards;
mod fuzz;

/// Crates that are no members of the workspace.
const APART: [&str; 3] = ["fuzz", "peers/fido-card", "peers/second-client"];

/// One step. It runs when what it needs is in the tree; when that is absent, this is said and nothing is counted.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// A path of the tree that brings this step to life; empty for steps that always run.
    pub(super) needs: &'static str,
    pub(super) run: fn(&Tree) -> Result<Counts>,
}

impl Step {
    pub(super) fn present(&self, tree: &Tree) -> bool {
        self.needs.is_empty() || tree.has(self.needs)
    }
}

const SPELLING: &str = "typos==1.52.0";
/// Private items are documented too, for us who read them, and so may be linked to.
const DOCUMENTATION: &str = "-D warnings -A rustdoc::private_intra_doc_links";

/// Every step, in order.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "set-up",
        about: "what this machine needs",
        needs: "",
        run: set_up,
    },
    Step {
        name: "format",
        about: "rustfmt, also of the fuzz targets and of `peers`",
        needs: "",
        run: format,
    },
    Step {
        name: "typos",
        about: "spelling",
        needs: "",
        run: typos,
    },
    Step {
        name: "check",
        about: "the rules of the house and the supply chain",
        needs: "",
        run: house,
    },
    Step {
        name: "lints",
        about: "clippy, warnings denied",
        needs: "",
        run: lints,
    },
    Step {
        name: "docs",
        about: "cargo doc, warnings denied",
        needs: "",
        run: docs,
    },
    Step {
        name: "generated",
        about: "generated files match their sources",
        needs: "",
        run: generated,
    },
    Step {
        name: "rust",
        about: "unit, property, store, REST and CLI tests",
        needs: "",
        run: rust,
    },
    Step {
        name: "fuzz",
        about: "a short run of every fuzz target (S16)",
        needs: "fuzz/Cargo.toml",
        run: fuzz::run,
    },
    Step {
        name: "web",
        about: "the console: types, unit tests, build, size",
        needs: "web/package.json",
        run: console,
    },
    Step {
        name: "e2e",
        about: "the console in a browser",
        needs: "e2e/package.json",
        run: browser,
    },
    Step {
        name: "fido2",
        about: "keys on PC/SC, by python-fido2's device tests",
        needs: "crates/virtual-key/Cargo.toml",
        run: cards::fido2,
    },
    Step {
        name: "client",
        about: "our CTAP client, by a key that others wrote",
        needs: "peers/fido-card/Cargo.toml",
        run: cards::client,
    },
    Step {
        name: "readers",
        about: "keys on PC/SC, by pcsc_scan and webauthn-authenticator-rs",
        needs: "crates/virtual-key/Cargo.toml",
        run: cards::readers,
    },
    Step {
        name: "key",
        about: "claviger-key with keys in a reader, as written down",
        needs: "crates/workstation/Cargo.toml",
        run: cards::transcripts,
    },
    Step {
        name: "contract",
        about: "the REST contract (S19)",
        needs: "tests/contract/requirements.txt",
        run: contract,
    },
];

fn set_up(tree: &Tree) -> Result<Counts> {
    doctor::ensure(tree, doctor::Purpose::Test).map(|()| Counts::success())
}

/// Our workspace, and the crates with lock files of their own, which it leaves out.
fn format(tree: &Tree) -> Result<Counts> {
    let workspace = command::cargo(tree, &["fmt", "--all", "--check"]).watch()?;
    let apart = APART.iter().map(|folder| {
        let manifest = tree.path(folder).join("Cargo.toml").display().to_string();
        let format = ["fmt", "--check", "--manifest-path", &manifest];
        Ok(Counts::of(&command::cargo(tree, &format).watch()?))
    });
    let apart = apart.sum::<Result<Counts>>()?;
    Ok([Counts::of(&workspace), apart].into_iter().sum())
}

fn typos(tree: &Tree) -> Result<Counts> {
    let programs = venv::programs(tree, "typos", SPELLING)?;
    Ok(Counts::of(
        &command::program(programs.join("typos"), tree.root()).watch()?,
    ))
}

fn house(tree: &Tree) -> Result<Counts> {
    check::report(tree)
}

fn lints(tree: &Tree) -> Result<Counts> {
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    Ok(Counts::of(&command::cargo(tree, &clippy).watch()?))
}

fn docs(tree: &Tree) -> Result<Counts> {
    let doc = command::cargo(tree, &["doc", "--workspace", "--no-deps", "--document-private-items"]);
    Ok(Counts::of(&doc.with("RUSTDOCFLAGS", DOCUMENTATION).watch()?))
}

fn generated(tree: &Tree) -> Result<Counts> {
    generate::compare(tree)
}

fn rust(tree: &Tree) -> Result<Counts> {
    build_server(tree)?;
    let postgres = Postgres::for_tests(tree)?;
    let tests = command::cargo(tree, &["test", "--workspace", "--no-fail-fast"]);
    let tests = tests
        .with("CLAVIGER_TEST_POSTGRES", postgres.url())
        .with("CLAVIGER_BINARY", server_binary(tree));
    Ok(Counts::of(&tests.watch()?))
}

fn console(tree: &Tree) -> Result<Counts> {
    web::install(tree)?;
    // `build` comes before `size`, which measures what was built.
    let scripts = ["check", "test", "build", "size"];
    scripts
        .iter()
        .map(|name| Ok(Counts::of(&web::script(tree, name).watch()?)))
        .sum()
}

/// The browser tests start servers of their own from `CLAVIGER_BINARY` and leave screenshots in `CLAVIGER_ARTEFACTS`.
fn browser(tree: &Tree) -> Result<Counts> {
    web::build(tree)?;
    build_server(tree)?;
    web::install_in(tree, "e2e")?;
    let chromium = doctor::chromium().context("there is no Chromium on the search path")?;
    let tests = command::program("npm", &tree.path("e2e")).arguments(&["test"]);
    let tests = tests
        .with("CLAVIGER_BINARY", server_binary(tree))
        .with("CLAVIGER_CHROMIUM", chromium);
    Ok(Counts::of(
        &tests.with("CLAVIGER_ARTEFACTS", tree.path("target/e2e")).watch()?,
    ))
}

/// The contract check starts a server of its own from `CLAVIGER_BINARY` and sends `CLAVIGER_REQUESTS` requests.
fn contract(tree: &Tree) -> Result<Counts> {
    build_server(tree)?;
    let programs = venv::programs(tree, "contract", &tree.read("tests/contract/requirements.txt")?)?;
    let check = command::program(programs.join("python"), tree.root()).arguments(&["tests/contract/run.py"]);
    let requests = std::env::var("CLAVIGER_REQUESTS").unwrap_or_else(|_| "2000".to_owned());
    let check = check
        .with("CLAVIGER_BINARY", server_binary(tree))
        .with("CLAVIGER_REQUESTS", requests);
    Ok(Counts::of(&check.watch()?))
}

fn build_server(tree: &Tree) -> Result<()> {
    command::cargo(tree, &["build", "--package", "claviger"]).run()
}

fn server_binary(tree: &Tree) -> std::path::PathBuf {
    tree.path("target/debug/claviger")
}
