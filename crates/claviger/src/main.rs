//! The `claviger` binary: the server, the commands that look after it, and those that ask one.

mod cli;
mod exit;
mod failure;
mod local;
mod output;
mod remote;

use std::process::ExitCode;

use clap::Parser;

/// The system's allocator is slow where one thread frees what another made, as a server does all the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit.code())
        }
    }
}
