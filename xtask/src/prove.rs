//! `cargo xtask prove`: the promises of safety at full size.
//!
//! A proof is a test. At core size it runs with all tests. At full size it is an ignored test whose name begins
//! with `prove_`, and this command runs it; it prints one line with its figures.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::command;
use crate::test::{Counts, Postgres};
use crate::tree::Tree;

/// What `prove` takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs only the proofs with this in their name, for example s7
    name: Option<String>,
}

/// Runs the chosen proofs one after the other, so that none disturbs the figures of another.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    command::cargo(tree, &["build", "--package", "claviger"]).run()?;
    let postgres = Postgres::durable(tree)?;
    let filter = format!("prove_{}", options.name.as_deref().unwrap_or_default().to_lowercase());
    let tests = command::cargo(tree, &["test", "--workspace", "--no-fail-fast", "--"]);
    let tests = tests.arguments(&["--ignored", "--nocapture", "--test-threads=1", filter.as_str()]);
    let tests = tests.with("CLAVIGER_TEST_POSTGRES", postgres.url());
    let ended = tests
        .with("CLAVIGER_BINARY", tree.path("target/debug/claviger"))
        .watch()?;
    let counts = Counts::of(&ended);
    let printed = Counts::printed(&ended.output);
    if ended.success && printed.passed == 0 {
        println!("no proof has {filter} in its name");
        return Ok(ExitCode::FAILURE);
    }
    println!("{} passed, {} failed", counts.passed, counts.failed);
    Ok(if counts.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
