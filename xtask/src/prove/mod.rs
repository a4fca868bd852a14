//! `cargo xtask prove`: the promises of safety at full size.
//!
//! A proof is a test. At core size it runs with all tests. At full size it is an ignored test whose name begins
//! with `prove_`, and this command runs it; it prints one line with its figures. One proof needs a kernel and is no
//! test: [`hid`].

mod hid;

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::command;
use crate::test::{Counts, Postgres};
use crate::tree::Tree;

/// What `prove` takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs only the proofs with this in their name, for example s7; hid is the one in QEMU
    name: Option<String>,
}

/// Runs the chosen proofs one after the other, so that none disturbs the figures of another.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    let name = options.name.as_deref().unwrap_or_default().to_lowercase();
    let counts = match name.as_str() {
        "hid" => hid::prove(tree)?,
        "" => [tests(tree, "prove_")?, hid::prove_or_say_why_not(tree)?]
            .into_iter()
            .sum(),
        name => tests(tree, &format!("prove_{name}"))?,
    };
    println!("{} passed, {} failed", counts.passed, counts.failed);
    Ok(if counts.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the proofs that are tests. That no name fits is a failure.
fn tests(tree: &Tree, filter: &str) -> Result<Counts> {
    command::cargo(tree, &["build", "--package", "claviger"]).run()?;
    let postgres = Postgres::durable(tree)?;
    let tests = command::cargo(tree, &["test", "--workspace", "--no-fail-fast", "--"]);
    let tests = tests.arguments(&["--ignored", "--nocapture", "--test-threads=1", filter]);
    let tests = tests.with("CLAVIGER_TEST_POSTGRES", postgres.url());
    let ended = tests
        .with("CLAVIGER_BINARY", tree.path("target/debug/claviger"))
        .watch()?;
    if ended.success && Counts::printed(&ended.output).passed == 0 {
        println!("no proof has {filter} in its name");
        return Ok(Counts::failure());
    }
    Ok(Counts::of(&ended))
}
