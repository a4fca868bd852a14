//! `claviger rotate-keys`.

use std::ops::ControlFlow;

use clap::Args;
use claviger_server::{
    local::{self, Rotation},
    ports::Clock,
};

use super::{backup::place, flags::DataSettings, with_store};
use crate::{failure::Failure, output};

const EXAMPLES: &str = "\
Examples:
  claviger rotate-keys --data /var/lib/claviger
  claviger rotate-keys --data /var/lib/claviger --kek
Stop every server on the database first. Killed on the way, nothing is lost: the same command again finishes what was begun.
After --kek, keep the new key where the old one was kept; backups made before need the old one.";

/// Which keys are changed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RotateKeys {
    /// Change the key-encryption key, in its file; else the data keys, with every secret sealed anew
    #[arg(long)]
    kek: bool,
    #[command(flatten)]
    settings: DataSettings,
}

/// Changes them and says how much was done.
pub(super) fn run(order: &RotateKeys) -> Result<(), Failure> {
    let config = order.settings.config()?;
    super::existing(&config)?;
    let rotation = if order.kek { Rotation::Kek } else { Rotation::DataKeys };
    let done = with_store(&config, async |store| {
        let mut on = || ControlFlow::Continue(());
        local::rotate(&config, store, &Clock::default(), rotation, &mut on).await
    })?;
    if order.kek {
        output::say(&format!("{} data keys are under a new key-encryption key.", done.keys));
        output::say(&format!(
            "{} Keep it elsewhere; backups made before need the old one.",
            place(&config)
        ));
    } else {
        output::say(&format!(
            "{} data keys are new, {} secrets are sealed anew.",
            done.keys, done.secrets
        ));
    }
    Ok(())
}
