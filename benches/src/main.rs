//! The promises of speed, measured through HTTP against a release build, each beside a bare reference.
//!
//! One line a figure: `NAME value unit (ratio to REFERENCE)`. Nothing is asserted: machines are noisy,
//! so a target is a ratio taken in one run.

mod api;
mod dataset;
mod figures;
mod hands;
mod live;
mod load;
mod measure;
mod otp;
mod reference;
mod report;
mod server;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use crate::report::Report;
use crate::server::Place;

/// Measures a release build of Claviger.
#[derive(Parser)]
#[command(name = "claviger-benches")]
struct Options {
    /// Measures only these (all without a name)
    names: Vec<String>,
    /// `sqlite`, or the URL of a PostgreSQL server on which databases may be created
    #[arg(long, default_value = "sqlite", value_name = "URL")]
    database: String,
    /// Where the figures are added, as JSON
    #[arg(long, default_value = "target/bench/results.json", value_name = "FILE")]
    results: PathBuf,
    /// How many keys there are
    #[arg(long, default_value_t = 1_000_000, value_name = "COUNT")]
    rows: u64,
    /// How often each figure is taken; the median counts
    #[arg(long, default_value_t = 3, value_name = "COUNT")]
    runs: usize,
    /// The sizes of `fleet-growth`
    #[arg(long, value_delimiter = ',', default_values_t = [10_000_u64, 100_000, 1_000_000], value_name = "COUNT,…")]
    growth: Vec<u64>,
    #[command(flatten)]
    live: figures::Sizes,
    /// The binary to measure
    #[arg(
        long,
        env = "CLAVIGER_BINARY",
        default_value = "target/release/claviger",
        value_name = "FILE"
    )]
    binary: PathBuf,
    /// Serves the bare handler on this file or URL, until its standard input ends
    #[arg(long, hide = true, value_name = "FILE|URL")]
    bare_handler: Option<String>,
    /// With a bare handler: verifies codes, and commits in this way
    #[arg(long, hide = true, requires = "bare_handler")]
    bare_commit: Option<reference::otp::Commit>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(source) = &options.bare_handler {
        let runtime = tokio::runtime::Runtime::new()?;
        return match options.bare_commit {
            Some(commit) => runtime.block_on(reference::otp::serve(source, commit)),
            None => runtime.block_on(reference::handler::serve(source)),
        };
    }
    let place = Place::new(&options.binary, &options.database)?;
    let report = Report::new(&options.results, place.engine())?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(figures::measure(&options, place, report))
}
