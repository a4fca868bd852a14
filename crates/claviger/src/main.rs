//! The `claviger` binary.

use std::process::ExitCode;

mod serve;

fn main() -> ExitCode {
    let matches = clap::Command::new("claviger")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Life-cycle management of authenticators")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve::command())
        .get_matches();
    let done = match matches.subcommand() {
        Some(("serve", matches)) => serve::run(matches),
        _ => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "claviger: {error:#}");
            ExitCode::FAILURE
        }
    }
}
