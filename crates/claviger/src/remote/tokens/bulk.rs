//! `claviger tokens bulk`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use claviger_api::{Compromise, OtpBulk, OtpBulkAction};
use serde_json::Value;

use super::{Context, Filter, act::Why, find};
use crate::{
    failure::Failure,
    remote::{
        bulk::{self, How, Named, Order as _, arguments},
        keys::To,
    },
};

const EXAMPLES: &str = "\
Examples:
  claviger tokens bulk --batch 0198c5a0-0000-7000-8000-000000000000 --dry-run disable
  claviger tokens bulk --tokens-from returned.txt --yes unassign
  claviger tokens bulk --status active --of-user jnovak --expect 2 compromise --reason \"stolen bag\"
Refused tokens are listed with their reason, and the exit code is 13 then.";

/// A command and the tokens it is for.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Order {
    #[command(flatten)]
    filter: Filter,
    /// File with a serial number or id on each line, instead of conditions; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    tokens_from: Option<PathBuf>,
    /// All tokens of the tenant, without any condition
    #[arg(long)]
    every_token: bool,
    #[command(flatten)]
    how: How,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Assign to one user
    Assign(To),
    /// Take back from the user
    Unassign,
    /// Believe their codes no more for now
    Disable,
    /// Believe their codes again
    Enable,
    /// Devalue for good
    Compromise(Why),
}

/// Counts, asks, carries out and tells what became of it.
pub(super) fn run(context: &Context, order: &Order) -> Result<(), Failure> {
    let client = &context.client;
    let (action, arguments) = wired(context, &order.action)?;
    let named = Named {
        filter: order.filter.query(client)?,
        file: order.tokens_from.as_deref(),
        every: order.every_token,
        flags: ["--tokens-from", "--every-token"],
    };
    let selection = bulk::selection(named, OtpBulk::WHAT, |named| find::token(client, named))?;
    let bulk = OtpBulk {
        action,
        arguments,
        selection,
    };
    bulk::run(context, &order.how, bulk)
}

fn wired(context: &Context, action: &Action) -> Result<(OtpBulkAction, Option<Value>), Failure> {
    Ok(match action {
        Action::Assign(to) => (OtpBulkAction::Assign, arguments(&to.body(&context.client)?)?),
        Action::Unassign => (OtpBulkAction::Unassign, None),
        Action::Disable => (OtpBulkAction::Disable, None),
        Action::Enable => (OtpBulkAction::Enable, None),
        Action::Compromise(why) => {
            let reason = why.reason.clone();
            (OtpBulkAction::Compromise, arguments(&Compromise { reason })?)
        }
    })
}
