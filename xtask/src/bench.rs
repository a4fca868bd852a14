//! `cargo xtask bench`: the promises of speed, measured on a release build.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::test::Postgres;
use crate::tree::Tree;
use crate::{command, doctor, web};

/// The figure that is taken in a browser.
const CONSOLE: &str = "console";

/// What `bench` takes; it goes on to the harness in `benches/`.
#[derive(Args)]
pub(crate) struct Options {
    /// Measures only these (all without a name)
    names: Vec<String>,
    /// Measures on this database alone: `sqlite`, or the URL of a PostgreSQL with an empty database
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How many keys there are
    #[arg(long, value_name = "COUNT")]
    rows: Option<u64>,
    /// Further arguments of the harness, after `--`
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Runs the harness on the named database, or on SQLite and then on a PostgreSQL started for it.
///
/// The harness prints `NAME value unit (ratio to REFERENCE)` and adds each figure to `target/bench/results.json`.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    if options.names.is_empty() || options.names.iter().any(|name| name == CONSOLE) {
        web::build(tree)?;
        web::install_in(tree, "e2e")?;
    }
    command::cargo(
        tree,
        &[
            "build",
            "--release",
            "--package",
            "claviger",
            "--package",
            "claviger-benches",
        ],
    )
    .run()?;
    std::fs::create_dir_all(tree.path("target/bench"))?;
    if let Some(database) = &options.database {
        measure(tree, options, database)?;
    } else {
        measure(tree, options, "sqlite")?;
        let postgres = Postgres::durable(tree)?;
        measure(tree, options, postgres.url())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(tree: &Tree, options: &Options, database: &str) -> Result<()> {
    let harness = command::program(tree.path("target/release/claviger-benches"), tree.root());
    let harness = harness.with("CLAVIGER_BINARY", tree.path("target/release/claviger"));
    let harness = match doctor::chromium() {
        Some(chromium) => harness.with("CLAVIGER_CHROMIUM", chromium),
        None => harness,
    };
    harness.arguments(&arguments(options, database)).run()
}

fn arguments(options: &Options, database: &str) -> Vec<String> {
    let fixed = ["--database", database, "--results", "target/bench/results.json"].map(str::to_owned);
    let rows = options.rows.map(|rows| format!("--rows={rows}"));
    fixed
        .into_iter()
        .chain(rows)
        .chain(options.names.iter().cloned())
        .chain(options.arguments.iter().cloned())
        .collect()
}
