//! `claviger migrate`.

use clap::Args;
use claviger_store::{StoreConfig, pending_migrations};

use super::{flags::DataSettings, wait, with_store};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{self, Output},
};

const EXAMPLES: &str = "\
Examples:
  claviger migrate --data /var/lib/claviger --dry-run
  claviger migrate --database postgres://claviger@db.example.org/claviger
`serve` does the same when it starts. Take a backup first: there is no way back but a backup.";

/// Bring the database's schema up to date.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Migrate {
    /// Only list the steps that are missing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: DataSettings,
}

/// Lists the missing steps on standard output and applies them.
pub(super) fn run(order: &Migrate) -> Result<(), Failure> {
    let config = order.settings.config()?;
    let pending = wait(async {
        let found = async { pending_migrations(&StoreConfig::parse(&config.database)?).await };
        found
            .await
            .map_err(|error: claviger_store::Error| Failure::new(Exit::Unexpected, error.to_string()))
    })?;
    if pending.is_empty() {
        output::say("The schema is up to date.");
        return Ok(());
    }
    Output::text(&(pending.join("\n") + "\n"))?;
    if order.dry_run {
        output::say(&format!("{} steps are missing; nothing was changed.", pending.len()));
        return Ok(());
    }
    with_store(&config, async |_| Ok(()))?;
    output::say(&format!("{} steps applied.", pending.len()));
    Ok(())
}
