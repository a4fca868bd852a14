//! `claviger restore`.

use std::path::PathBuf;

use clap::Args;
use claviger_server::{
    Config,
    local::{self, rollback},
    ports::Clock,
};

use super::{backup::place, flags::DataSettings, with_store};
use crate::{failure::Failure, output};

const EXAMPLES: &str = "\
Examples:
  claviger restore --data /var/lib/claviger /backup/claviger-monday.clv
  claviger restore --database postgres://claviger@db.example.org/claviger /backup/claviger.clv
  claviger restore --data /var/lib/claviger --accept-rollback
Stop the server first. The database must be empty; put the key-encryption key back to its place yourself.";

/// What is put back, and where.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restore {
    /// The backup; left out, --accept-rollback is for the database as it stands
    #[arg(required_unless_present = "accept_rollback")]
    file: Option<PathBuf>,
    /// Accept a database that is older than the one this server last ran on: what changed since then is lost
    #[arg(long)]
    accept_rollback: bool,
    #[command(flatten)]
    settings: DataSettings,
}

/// Restores, or accepts what stands.
pub(super) fn run(order: &Restore) -> Result<(), Failure> {
    let config = order.settings.config()?;
    let clock = Clock::default();
    let Some(file) = &order.file else {
        super::existing(&config)?;
        with_store(&config, async |store| {
            rollback::accept(&config.data, store, &clock).await
        })?;
        output::say("The database is accepted as it stands.");
        return Ok(());
    };
    let restored = with_store(&config, async |store| {
        local::restore(&config, store, &clock, file, order.accept_rollback).await
    })?;
    output::say(&format!(
        "{} rows of {} tables restored.",
        restored.summary.rows, restored.summary.tables
    ));
    tell_sealed(&config, &restored.sealed);
    Ok(())
}

fn tell_sealed(config: &Config, sealed: &[(String, i64)]) {
    if sealed.is_empty() {
        return;
    }
    output::say(&format!(
        "Without its key-encryption key these stay sealed. {}",
        place(config).replace("It is", "It is looked for")
    ));
    for (kind, count) in sealed {
        output::say(&format!("  {count} × {}", output::plain(kind)));
    }
}
