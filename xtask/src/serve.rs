//! `cargo xtask serve`: from a clean clone to a running server with its console.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::tree::Tree;
use crate::{command, doctor, web};

/// What `serve` takes; everything unknown goes to the server.
#[derive(Args)]
pub(crate) struct Options {
    /// Fills a tenant with keys, users, policies and 90 days of history, and prints a sign-in
    #[arg(long)]
    demo: bool,
    /// Further arguments of `claviger serve`, for example --listen 127.0.0.1:9000
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds what is missing, then becomes the server: signals and the exit code are the server's own.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    doctor::ensure(tree, doctor::Purpose::Serve)?;
    if web::present(tree) {
        web::build(tree)?;
    } else {
        println!("There is no console in this tree (web/); the server runs without it.");
    }
    command::cargo(tree, &["build", "--release", "--package", "claviger"]).run()?;
    let server = command::program(tree.path("target/release/claviger"), tree.root());
    Err(server.arguments(&server_arguments(options)).become_it())
}

fn server_arguments(options: &Options) -> Vec<String> {
    let names_its_data = options
        .arguments
        .iter()
        .any(|argument| argument == "--data" || argument.starts_with("--data="));
    let data = if names_its_data {
        &[][..]
    } else {
        &["--data", "./data"][..]
    };
    let demo = options.demo.then_some("--demo");
    let own = std::iter::once("serve")
        .chain(data.iter().copied())
        .chain(demo)
        .map(str::to_owned);
    own.chain(options.arguments.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(demo: bool, arguments: &[&str]) -> String {
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        server_arguments(&Options { demo, arguments }).join(" ")
    }

    #[test]
    fn the_data_folder_is_ours_unless_another_one_is_named() {
        assert_eq!(line(false, &[]), "serve --data ./data");
        assert_eq!(
            line(true, &["--listen", "127.0.0.1:1"]),
            "serve --data ./data --demo --listen 127.0.0.1:1"
        );
        assert_eq!(line(false, &["--data=/x"]), "serve --data=/x");
    }
}
