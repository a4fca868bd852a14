//! Runs what tests stand on for others.
//!
//! Without a word, or with `--synced`: a PostgreSQL; prints its address, and stops it when its own input ends, however
//! that happens. With `room`: a program beside a smart-card reader, see [`room`]; `lacking-for-room` prints why none can
//! be made. With `python NAME FILE` or `sources NAME FILE`: prints where the packages are that a file of requirements
//! names, see [`environment`] and [`sources`]. With `transcript FILE`: plays it again, see [`transcript`].

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "answers on standard output, refusals on standard error"
)]

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use claviger_testkit::room::{self, Order};
use claviger_testkit::{Durability, Postgres, environment, sources, transcript};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let word = arguments.next().unwrap_or_default();
    match word.to_str() {
        Some("room") => Order::of(arguments).map_or_else(usage, |order| room::open(&order)),
        Some(room::INSIDE) => Order::of(arguments).map_or_else(usage, |order| room::run_inside(&order)),
        Some("lacking-for-room") => said(Ok(room::lacking().unwrap_or_default())),
        Some("python") => from_index(arguments, environment),
        Some("sources") => from_index(arguments, sources),
        Some("transcript") => arguments.next().map_or_else(usage, |file| played(&PathBuf::from(file))),
        Some("" | "--synced") => postgres(word == "--synced").map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        _ => usage(),
    }
}

fn from_index(
    mut arguments: impl Iterator<Item = OsString>,
    make: fn(&str, &std::path::Path) -> Result<PathBuf, String>,
) -> ExitCode {
    let (Some(name), Some(file)) = (arguments.next(), arguments.next()) else {
        return usage();
    };
    let place = make(&name.to_string_lossy(), &PathBuf::from(file));
    said(place.map(|path| path.display().to_string()))
}

fn played(file: &std::path::Path) -> ExitCode {
    let (passed, differences) = match transcript::play(file) {
        Ok(played) => played,
        Err(reason) => return said(Err(reason)),
    };
    for difference in &differences {
        println!("{difference}");
    }
    println!("{passed} passed, {} failed", differences.len());
    ExitCode::from(u8::from(!differences.is_empty()))
}

fn said(answer: Result<String, String>) -> ExitCode {
    match answer {
        Ok(words) => {
            println!("{words}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn postgres(is_synced: bool) -> std::io::Result<()> {
    let server = Postgres::start(if is_synced {
        Durability::Synced
    } else {
        Durability::Unsynced
    });
    println!("{}", server.url());
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn usage() -> ExitCode {
    eprintln!(
        "claviger-testkit [--synced]\n\
         claviger-testkit room [CARD [ARGUMENT]…] -- JUDGE [ARGUMENT]…\n\
         claviger-testkit lacking-for-room\n\
         claviger-testkit python|sources NAME REQUIREMENTS\n\
         claviger-testkit transcript FILE"
    );
    ExitCode::from(2)
}
