//! `claviger audit verify`.

use std::path::PathBuf;

use clap::Args;
use claviger_server::local;

use super::{flags::DataSettings, with_store};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{self, Output},
};

const EXAMPLES: &str = "\
Examples:
  claviger audit verify --data /var/lib/claviger
  claviger audit verify --data /var/lib/claviger --checkpoints /backup/audit-checkpoints.jsonl
Only checkpoints that were kept elsewhere show that the end of the log was cut off or the whole of it was made anew.
What is wrong is printed, one line each, and the exit code is 1 then.";

/// Which log, and what it is held against.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Verify {
    /// Checkpoints that were kept elsewhere, as the server leaves them in audit-checkpoints.jsonl; else the database's own
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
    #[command(flatten)]
    settings: DataSettings,
}

/// Checks the log and prints what is wrong.
pub(crate) fn verify(order: &Verify) -> Result<(), Failure> {
    let config = order.settings.config()?;
    super::existing(&config)?;
    let elsewhere = order.checkpoints.as_deref().map(local::read_checkpoints).transpose()?;
    let report = with_store(&config, async |store| local::verify(store, elsewhere).await)?;
    output::say(&format!("{} events in {} lanes checked.", report.entries, report.lanes));
    if report.problems.is_empty() {
        output::say("The audit log is intact.");
        return Ok(());
    }
    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    Output::text(
        &(lines.join(
            "
",
        ) + "
"),
    )?;
    Err(Failure::new(
        Exit::Unexpected,
        format!("the audit log is not intact: {} problems", report.problems.len()),
    ))
}
