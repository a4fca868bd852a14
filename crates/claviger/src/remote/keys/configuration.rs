//! Configurations, for the programs that write them to keys: begun, confirmed, dropped.

use clap::{Args, Subcommand};
use claviger_api::{Configure, ConfirmConfiguration, ReadBack};
use uuid::Uuid;

use super::{Context, find};
use crate::{failure::Failure, output::Output, remote::words::named};

const EXAMPLES: &str = "\
Examples:
  claviger keys configure 0012345678 --serial-seen 0012345678 --policy \"Head office\" > order.json
  claviger keys confirm-configuration 0012345678 --generation 1 --serial-seen 0012345678 --read-back equal
For programs: the answer is JSON in any case and holds the PINs. Until it is confirmed, the same command answers the same PINs.";

/// One key.
#[derive(Debug, Args)]
pub(crate) struct One {
    /// Serial number or id
    key: String,
    /// Only if the key still has this revision
    #[arg(long, value_name = "REVISION")]
    if_match: Option<i64>,
}

/// What a key tells of itself.
#[derive(Debug, Args)]
pub(crate) struct Told {
    /// The serial number that the key itself tells
    #[arg(long, value_name = "SERIAL")]
    serial_seen: String,
    /// The firmware that the key tells
    #[arg(long, value_name = "VERSION")]
    firmware: Option<String>,
    /// The AAGUID that the key tells
    #[arg(long, value_name = "AAGUID")]
    aaguid: Option<Uuid>,
}

/// Steps of a configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum Step {
    /// Begin or resume the configuration of a key: prints its PINs and its policy as JSON; for programs
    #[command(after_help = EXAMPLES)]
    Configure {
        #[command(flatten)]
        one: One,
        #[command(flatten)]
        told: Told,
        /// Policy to write, by name or id, in its newest version; the linked one when left out
        #[arg(long, value_name = "POLICY")]
        policy: Option<String>,
        /// Make an admin PIN too; enterprise policies need one
        #[arg(long)]
        admin_pin: bool,
    },
    /// Say that a key holds its configuration: its PINs become active; for programs
    ConfirmConfiguration {
        #[command(flatten)]
        one: One,
        /// The generation that `configure` answered
        #[arg(long, value_name = "N")]
        generation: u32,
        /// The serial number that the key itself tells
        #[arg(long, value_name = "SERIAL")]
        serial_seen: String,
        /// What reading back from the key showed
        #[arg(long, value_name = "WHAT", value_parser = named::<ReadBack>(&["equal", "different"]))]
        read_back: ReadBack,
    },
    /// Drop the configuration that was begun and shred its PINs; for programs
    AbandonConfiguration(One),
}

/// Carries out a step.
pub(crate) fn run(context: &Context, step: Step) -> Result<(), Failure> {
    let client = &context.client;
    match step {
        Step::Configure {
            one,
            told,
            policy,
            admin_pin,
        } => {
            let order = Configure {
                policy_id: policy.map(|named| find::policy(client, &named)).transpose()?,
                serial_seen: told.serial_seen,
                admin_pin,
                firmware: told.firmware,
                aaguid: told.aaguid,
            };
            let id = find::key(client, &one.key)?;
            Output::program(&client.configure(id, &order, one.if_match)?)
        }
        Step::ConfirmConfiguration {
            one,
            generation,
            serial_seen,
            read_back,
        } => {
            let seen = ConfirmConfiguration { serial_seen, read_back };
            let id = find::key(client, &one.key)?;
            let key = client.confirm_configuration(id, generation, &seen, one.if_match)?;
            context.output.one(&key)
        }
        Step::AbandonConfiguration(one) => {
            let id = find::key(client, &one.key)?;
            context.output.one(&client.abandon_configuration(id, one.if_match)?)
        }
    }
}
