//! The project's own command: `cargo xtask serve | test | check | bench | prove | dist` and what they need.
//!
//! Everything a person or a build machine does with this repository goes through here, so that both do the same.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command talks to the person at the terminal"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the environment is how build machines set this command's sizes"
)]

mod bench;
mod check;
mod command;
mod dist;
mod doctor;
mod generate;
mod prove;
mod serve;
mod test;
mod tree;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::tree::Tree;

/// Works on the Claviger repository: run it, test it, measure it, ship it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the console and a release server and runs it on embedded SQLite in ./data
    Serve(serve::Options),
    /// Runs every check and test there is, and starts what they need
    Test(test::Options),
    /// Checks the rules of the house: arrows, lengths, words, exports, supply chain
    Check(check::Options),
    /// Lists what this machine needs, with versions
    Doctor(doctor::Options),
    /// Measures the promises of speed on SQLite and PostgreSQL
    Bench(bench::Options),
    /// Runs the proofs at full size
    Prove(prove::Options),
    /// Builds the artefact that is shipped, with its checksum
    Dist,
    /// Formats Rust and the console
    Fmt,
    /// Writes the generated files: OpenAPI document, web types, settings, example deliveries
    Generate,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &Task) -> Result<ExitCode> {
    let tree = Tree::of_this_repository()?;
    match task {
        Task::Serve(options) => serve::run(&tree, options),
        Task::Test(options) => test::run(&tree, options),
        Task::Check(options) => check::run(&tree, options),
        Task::Doctor(options) => doctor::run(&tree, options),
        Task::Bench(options) => bench::run(&tree, options),
        Task::Prove(options) => prove::run(&tree, options),
        Task::Dist => dist::run(&tree),
        Task::Fmt => format(&tree),
        Task::Generate => generate::run(&tree),
    }
}

fn format(tree: &Tree) -> Result<ExitCode> {
    command::cargo(tree, &["fmt", "--all"]).run()?;
    if web::has_script(tree, "format") {
        web::install(tree)?;
        web::script(tree, "format").run()?;
    }
    Ok(ExitCode::SUCCESS)
}
