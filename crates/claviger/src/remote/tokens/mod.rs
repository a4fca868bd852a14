//! `claviger tokens`.

mod act;
mod add;
mod bulk;
mod codes;
mod emergency_codes;
mod filter;
mod find;
mod import;
mod overview;
mod shown;

use std::path::PathBuf;

use clap::Subcommand;
use claviger_api::client::Query;

use super::{
    Context,
    listing::{self, Amount},
    save::save,
};
use crate::failure::Failure;
use filter::Filter;

const EXAMPLES: &str = "\
Examples:
  claviger tokens import seeds.xml --pre-shared-key-file transport.key
  claviger tokens list --status active --of-user jnovak
  claviger tokens assign GALT11457893 --user jnovak
  claviger tokens bulk --tokens-from returned.txt unassign
  claviger tokens compromise GALT11457893 --reason \"lost on a train\"
  claviger tokens resync GALT11457893
  claviger tokens verify --user jnovak
  claviger tokens emergency-codes make jnovak
  claviger tokens export --file tokens.csv
Codes and seeds are asked for, or read from a file or standard input; they are never flags, since a process list shows those.";

/// OTP tokens: OATH hardware that shows codes.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Tokens {
    /// List tokens
    List {
        #[command(flatten)]
        filter: Filter,
        /// Order: `imported_at`, `serial_number`, `type`, `status` or `user`, `-` before it for descending
        #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
        sort: Option<String>,
        #[command(flatten)]
        amount: Amount,
    },
    /// Show how many tokens stand where
    Overview,
    /// Show all that is told of one token; its seed never is
    Show {
        /// Serial number or id
        #[arg(value_name = "TOKEN")]
        named: String,
    },
    /// Show what happened to one token
    Events {
        /// Serial number or id
        #[arg(value_name = "TOKEN")]
        named: String,
        #[command(flatten)]
        amount: Amount,
    },
    /// Write the list as CSV, without seeds
    Export {
        #[command(flatten)]
        filter: Filter,
        /// File to write; standard output when left out or `-`
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Import a seed file: PSKC, OATH, Entra ID or Yubico CSV, JSON, or an export of privacyIDEA
    Import(import::Import),
    /// Add one token by hand, from its seed or an otpauth URI
    #[command(visible_alias = "create")]
    Add(Box<add::Add>),
    /// Give many tokens one command, as a job
    Bulk(bulk::Order),
    #[command(flatten)]
    Act(act::Act),
    /// Find a token's counter or clock again from two codes in a row
    Resync(codes::Two),
    /// Verify a code as a login system does; it is used up
    Verify(codes::Verify),
    /// Try a code of a token at hand; it is used up
    Test(codes::Try),
    /// Find the tokens that show this code now; nothing is used up
    Find(codes::Code),
    /// Codes for a user without a token
    #[command(subcommand)]
    EmergencyCodes(emergency_codes::EmergencyCodes),
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Tokens) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Tokens::List { filter, sort, amount } => {
            let mut query = filter.query(client)?;
            query.extend(sort.map(|sort| ("sort".to_owned(), sort)));
            listing::show(context, amount, &query, |query| client.otp_tokens(query))
        }
        Tokens::Overview => overview::show(context),
        Tokens::Show { named } => context.output.one(&client.otp_token(find::token(client, &named)?)?),
        Tokens::Events { named, amount } => {
            let id = find::token(client, &named)?;
            listing::show(context, amount, &Query::new(), |query| {
                client.otp_token_events(id, query)
            })
        }
        Tokens::Export { filter, file } => {
            let query = filter.query(client)?;
            context
                .output
                .note("The file may hold serial numbers and names of users: store and share it with care.");
            save(context, file.as_deref(), "Exporting", |into, notice| {
                client.export_otp_tokens(&query, into, notice)
            })
        }
        Tokens::Import(order) => import::run(context, &order),
        Tokens::Add(order) => add::run(context, *order),
        Tokens::Bulk(order) => bulk::run(context, &order),
        Tokens::Act(act) => act::run(context, act),
        Tokens::Resync(order) => codes::resync(context, &order),
        Tokens::Verify(order) => codes::verify(context, order),
        Tokens::Test(order) => codes::test(context, &order),
        Tokens::Find(code) => codes::find(context, &code),
        Tokens::EmergencyCodes(command) => emergency_codes::run(context, command),
    }
}
