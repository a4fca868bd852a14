//! The `claviger` binary: the server, the commands that look after it, and those that ask one.

mod cli;
mod exit;
mod failure;
mod local;
mod output;
mod remote;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use zeroizing_alloc::ZeroAlloc;

/// The system's allocator is slow where one thread frees what another made, as a server does all the time. What is freed
/// is wiped: requests, answers and the buffers of libraries hold secrets, and none may be left for a memory dump.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

fn main() -> ExitCode {
    match cli::Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit.code())
        }
    }
}
