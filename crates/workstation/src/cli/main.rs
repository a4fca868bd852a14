//! `claviger-key`: looks at security keys and changes them, without a server.

#[cfg(test)]
mod bench;
mod cli;
mod commands;
mod desk;
mod exit;
mod failure;
mod output;
mod person;
mod pins;

use std::process::ExitCode;

use clap::Parser;
use claviger_workstation::{Locks, Stop, ThisMachine};
use zeroizing_alloc::ZeroAlloc;

use crate::person::Terminal;

/// What is freed is wiped: buffers of libraries hold PINs, and none may be left for a memory dump.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            person::tell(&failure);
            ExitCode::from(failure.exit.code())
        }
    }
}

fn run(cli: cli::Cli) -> Result<(), failure::Failure> {
    let stop = Stop::by_interrupt().map_err(|cause| failure::Failure::file("Ctrl-C", &cause))?;
    let mut machine = ThisMachine::new(Locks::of_this_machine(), stop);
    cli.run(&mut machine, &mut Terminal, desk::attention())
}
