//! `claviger backup`.

use std::path::PathBuf;

use clap::Args;
use claviger_server::{Config, local, ports::Clock, secrets::KekSource};

use super::{flags::DataSettings, with_store};
use crate::{failure::Failure, output};

const EXAMPLES: &str = "\
Examples:
  claviger backup --data /var/lib/claviger /backup/claviger-monday.clv
  claviger backup --database postgres://claviger@db.example.org/claviger /backup/claviger.clv
The key-encryption key is never in a backup. Keep it elsewhere: without it, sealed secrets stay sealed.";

/// Where the backup goes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Backup {
    /// File to write; it must not exist yet
    file: PathBuf,
    #[command(flatten)]
    settings: DataSettings,
}

/// Writes the backup and says where the key is that it does not hold.
pub(super) fn run(order: &Backup) -> Result<(), Failure> {
    let config = order.settings.config()?;
    super::existing(&config)?;
    let file = &order.file;
    let summary = with_store(&config, async |store| {
        local::backup(&config, store, &Clock::default(), file).await
    })?;
    output::say(&format!(
        "{}: {} rows of {} tables.",
        file.display(),
        summary.rows,
        summary.tables
    ));
    output::say(&format!(
        "The key-encryption key is not in it. {} Keep it elsewhere, or its secrets stay sealed.",
        place(&config)
    ));
    Ok(())
}

/// Where the key-encryption key is, in a sentence.
pub(super) fn place(config: &Config) -> String {
    match &config.kek {
        KekSource::Given(_) => "It is in the environment (CLAVIGER_KEK).".to_owned(),
        KekSource::File(path) | KekSource::MadeAtFirstRun(path) => format!("It is in {}.", path.display()),
    }
}
