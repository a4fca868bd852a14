//! A PostgreSQL for the programs that this command starts. The test kit runs it, as it does for plain `cargo test`.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::command;
use crate::tree::Tree;

/// A running server. It stops when this value is dropped, or when this process ends in any other way: the program
/// that runs it waits for the end of its input, which we hold open.
pub(crate) struct Postgres {
    keeper: Child,
    url: String,
}

impl Postgres {
    /// Starts a server for tests: commits are not synced, so that the disk is not what is tested.
    pub(crate) fn for_tests(tree: &Tree) -> Result<Self> {
        Self::start(tree, &[])
    }

    /// Starts a server that keeps what it acknowledges, for measuring and for proofs.
    pub(crate) fn durable(tree: &Tree) -> Result<Self> {
        Self::start(tree, &["--synced"])
    }

    /// Where to connect to, as `CLAVIGER_TEST_POSTGRES` and `--database` take it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn start(tree: &Tree, arguments: &[&str]) -> Result<Self> {
        command::cargo(tree, &["build", "--quiet", "--package", "claviger-testkit"]).run()?;
        let mut keeper = Command::new(tree.path("target/debug/claviger-testkit"));
        // In a group of its own: Ctrl-C ends us, and our end ends the server in good order.
        keeper
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0);
        let mut keeper = keeper.spawn().context("cannot start the test kit")?;
        let mut url = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut url)?;
        }
        let server = Self {
            keeper,
            url: url.trim().to_owned(),
        };
        if server.url.is_empty() {
            bail!("the test kit started no PostgreSQL");
        }
        Ok(server)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ended = self.keeper.wait();
    }
}
