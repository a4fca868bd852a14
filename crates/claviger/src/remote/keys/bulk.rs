//! `claviger keys bulk`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use claviger_api::{Bulk, BulkAction};
use serde_json::Value;

use super::{Context, Filter, find, orders};
use crate::{
    failure::Failure,
    remote::bulk::{self, How, Named, Order as _, arguments},
};

const EXAMPLES: &str = "\
Examples:
  claviger keys bulk --status in_stock --batch 0198c5a0-0000-7000-8000-000000000000 link-policy --policy \"Head office\"
  claviger keys bulk --keys-from lost.txt --yes revoke --reason lost
  claviger keys bulk --status quarantined --expect 12 release
Refused keys are listed with their reason, and the exit code is 13 then.";

/// A command and the keys it is for.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Order {
    #[command(flatten)]
    filter: Filter,
    /// File with a serial number or id on each line, instead of conditions; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    keys_from: Option<PathBuf>,
    /// All keys of the tenant, without any condition
    #[arg(long)]
    every_key: bool,
    #[command(flatten)]
    how: How,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Link a policy
    LinkPolicy(orders::Link),
    /// Unlink the policy
    UnlinkPolicy,
    /// Assign to one user
    Assign(orders::To),
    /// Take back from the user
    Unassign,
    /// Put aside, with a reason
    Quarantine(orders::Aside),
    /// Put quarantined keys back in stock
    Release(orders::Back),
    /// Pause
    Suspend,
    /// End a pause
    Resume,
    /// End for good
    Revoke(orders::End),
    /// Record as destroyed or wiped and shred all secrets
    Dispose,
    /// Delete from stock
    Delete,
}

/// Counts, asks, carries out and tells what became of it.
pub(crate) fn run(context: &Context, order: &Order) -> Result<(), Failure> {
    let client = &context.client;
    let (action, arguments) = wired(context, &order.action)?;
    let named = Named {
        filter: order.filter.query(client)?,
        file: order.keys_from.as_deref(),
        every: order.every_key,
        flags: ["--keys-from", "--every-key"],
    };
    let selection = bulk::selection(named, Bulk::WHAT, |named| find::key(client, named))?;
    let bulk = Bulk {
        action,
        arguments,
        selection,
    };
    bulk::run(context, &order.how, bulk)
}

fn wired(context: &Context, action: &Action) -> Result<(BulkAction, Option<Value>), Failure> {
    let client = &context.client;
    Ok(match action {
        Action::LinkPolicy(link) => (BulkAction::LinkPolicy, arguments(&link.body(client)?)?),
        Action::UnlinkPolicy => (BulkAction::UnlinkPolicy, None),
        Action::Assign(to) => (BulkAction::Assign, arguments(&to.body(client)?)?),
        Action::Unassign => (BulkAction::Unassign, None),
        Action::Quarantine(aside) => (BulkAction::Quarantine, arguments(&aside.body())?),
        Action::Release(back) => (BulkAction::Release, arguments(&back.body())?),
        Action::Suspend => (BulkAction::Suspend, None),
        Action::Resume => (BulkAction::Resume, None),
        Action::Revoke(end) => (BulkAction::Revoke, arguments(&end.body())?),
        Action::Dispose => (BulkAction::Dispose, None),
        Action::Delete => (BulkAction::Delete, None),
    })
}
