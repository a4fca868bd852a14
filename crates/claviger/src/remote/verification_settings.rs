//! `claviger settings verification`.

use clap::{Args, Subcommand};
use claviger_api::{Settings, SettingsChange, VerificationChange, VerificationSettings};

use super::Context;
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger settings verification set --compatible true --networks 10.1.0.0/16,10.2.3.4
  claviger settings verification show
  claviger settings verification set --compatible false
The address that `show` tells takes the place of privacyIDEA's in its clients. Who asks is known by the network alone.";

/// Where clients of privacyIDEA have codes verified.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Verification {
    /// Show whether clients of privacyIDEA are answered, from where, and at which address
    Show,
    /// Change it; what is left out stays
    #[command(after_help = EXAMPLES)]
    Set {
        #[command(flatten)]
        change: Change,
        /// Only if the settings still have this revision
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
    },
}

/// What to change.
#[derive(Debug, Args)]
#[group(id = "verification_change", required = true, multiple = true)]
pub(crate) struct Change {
    /// Whether clients of privacyIDEA are answered
    #[arg(long, value_name = "BOOL")]
    compatible: Option<bool>,
    /// Addresses and networks that are answered, in place of those before, separated by commas; an empty text for none
    #[arg(long, value_name = "NETWORKS", value_delimiter = ',')]
    networks: Option<Vec<String>>,
}

/// Carries out a command.
pub(super) fn run(context: &Context, command: Verification) -> Result<(), Failure> {
    let Settings { verification, .. } = match command {
        Verification::Show => context.client.settings()?,
        Verification::Set { change, if_match } => {
            let change = SettingsChange {
                verification: Some(change.body()),
                ..SettingsChange::default()
            };
            context.client.change_settings(&change, if_match)?
        }
    };
    context.output.one(&verification)
}

impl Change {
    fn body(self) -> VerificationChange {
        let trimmed = |networks: Vec<String>| {
            let networks = networks.iter().map(|network| network.trim().to_owned());
            networks.filter(|network| !network.is_empty()).collect()
        };
        VerificationChange {
            compatible: self.compatible,
            compatible_networks: self.networks.map(trimmed),
        }
    }
}

impl Record for VerificationSettings {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Answers clients of privacyIDEA", "compatible", |one| {
            one.compatible.to_string()
        }),
        Column::listed("From", "compatible_networks", |one| one.compatible_networks.join(" ")),
        Column::listed("At", "compatible_url", |one| one.compatible_url.clone()),
    ];
}
