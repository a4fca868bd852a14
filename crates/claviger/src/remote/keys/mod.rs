//! `claviger keys`.

mod act;
mod bulk;
mod configuration;
mod filter;
mod find;
mod initial_pin;
mod observation;
mod orders;
mod overview;

use std::path::PathBuf;

use clap::Subcommand;
use claviger_api::client::Query;

use super::{
    Context, imports,
    listing::{self, Amount},
    save::save,
};
use crate::failure::Failure;
use filter::Filter;
pub(crate) use find::{key, policy};
pub(crate) use orders::To;

const EXAMPLES: &str = "\
Examples:
  claviger keys list --tab stocks --status in_stock
  claviger keys show 0012345678
  claviger keys import delivery.csv --policy \"Head office\"
  claviger keys link-policy 0012345678 0012345679 --policy \"Head office\"
  claviger keys bulk --status in_stock link-policy --policy \"Head office\"
  claviger keys revoke 0012345678 --reason lost --notify
  claviger keys initial-pin 0012345678 --show user-pin
  claviger keys export --tab inventory --file keys.csv";

/// What can be done with security keys.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Keys {
    /// List keys
    List {
        #[command(flatten)]
        filter: Filter,
        /// Order: `imported_at`, `device_name`, `serial_number`, `version`, `status`, `policy` or `updated_at`, `-` before it for descending
        #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
        sort: Option<String>,
        #[command(flatten)]
        amount: Amount,
    },
    /// Show how many keys stand where, and what needs attention
    Overview,
    /// Show all that is known of one key
    Show {
        /// Serial number or id
        key: String,
    },
    /// Show what happened to one key
    Events {
        /// Serial number or id
        key: String,
        #[command(flatten)]
        amount: Amount,
    },
    /// Write the list as CSV, as `keys import` reads it; never a PIN, seed or key, but serial numbers and users
    Export {
        #[command(flatten)]
        filter: Filter,
        /// File to write; standard output when left out or `-`
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Import a delivery file (the same as `imports create`)
    Import(imports::Create),
    /// Give many keys one command, as a job
    Bulk(bulk::Order),
    /// Say whether the initial PIN of a key can be shown, or show it
    InitialPin(initial_pin::Look),
    #[command(flatten)]
    Act(act::Act),
    #[command(flatten)]
    Configuration(configuration::Step),
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Keys) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Keys::List { filter, sort, amount } => {
            let mut query = filter.query(client)?;
            query.extend(sort.map(|sort| ("sort".to_owned(), sort)));
            listing::show(context, amount, &query, |query| client.security_keys(query))
        }
        Keys::Overview => overview::show(context),
        Keys::Show { key } => context.output.one(&client.security_key(find::key(client, &key)?)?),
        Keys::Events { key, amount } => {
            let id = find::key(client, &key)?;
            listing::show(context, amount, &Query::new(), |query| {
                client.security_key_events(id, query)
            })
        }
        Keys::Export { filter, file } => {
            let query = filter.query(client)?;
            context
                .output
                .note("The file may hold serial numbers and names of users: store and share it with care.");
            save(context, file.as_deref(), "Exporting", |into, notice| {
                client.export_security_keys(&query, into, notice)
            })
        }
        Keys::Import(create) => imports::create(context, &create),
        Keys::Bulk(order) => bulk::run(context, &order),
        Keys::InitialPin(look) => initial_pin::run(context, &look),
        Keys::Act(act) => act::run(context, act),
        Keys::Configuration(step) => configuration::run(context, step),
    }
}
