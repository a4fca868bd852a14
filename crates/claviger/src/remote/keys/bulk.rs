//! One command on many keys: counted first, confirmed with the exact number, carried out as a job.

use std::{collections::BTreeMap, fs, path::PathBuf};

use clap::{Args, Subcommand};
use claviger_api::{Bulk, BulkAction, Selection};
use serde_json::Value;

use super::{Context, Filter, find, orders};
use crate::{
    exit::Exit,
    failure::Failure,
    output::Format,
    remote::{jobs, jobs_wait, shown::wire},
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
    /// Carry it out if exactly so many keys match, without asking
    #[arg(long, value_name = "N")]
    expect: Option<u64>,
    /// Only count the keys
    #[arg(long)]
    dry_run: bool,
    /// Print the job and do not wait for its end
    #[arg(long)]
    no_wait: bool,
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
    let (action, arguments) = wired(context, &order.action)?;
    let mut bulk = Bulk {
        action,
        arguments,
        selection: selection(context, order)?,
    };
    let count = context.client.count_bulk(&bulk)?;
    if order.dry_run {
        return crate::output::Output::text(&format!("{count}\n"));
    }
    let verb = wire(&action).replace('_', " ");
    match order.expect {
        Some(expected) if expected != count => {
            return Err(Failure::new(
                Exit::Refused,
                format!("{count} keys match, not {expected}; nothing was done"),
            ));
        }
        Some(_) => {}
        None => context.output.confirm(&format!("{verb}: {count} keys?"))?,
    }
    if bulk.selection.filter.is_some() {
        bulk.selection.expected_count = Some(count);
    }
    let job = context.client.bulk(&bulk)?;
    if order.no_wait {
        return context.output.one(&job);
    }
    let job = jobs_wait::until_ended(context, job.id, "Working")?;
    jobs_wait::well(&job)?;
    report(context, job.id, count)
}

fn report(context: &Context, job: uuid::Uuid, count: u64) -> Result<(), Failure> {
    let refused = jobs::results(context, job, Some("refused"))?;
    if refused.is_empty() {
        if context.output.format != Format::Table {
            context.output.many(&refused)?;
        }
        context.output.note(&format!("{count} keys done"));
        return Ok(());
    }
    context.output.many(&refused)?;
    let message = format!("{} of {count} keys were refused; the others are done", refused.len());
    Err(Failure::new(Exit::RowsRejected, message)
        .hint(format!("claviger jobs results {job} --outcome refused --output csv")))
}

fn selection(context: &Context, order: &Order) -> Result<Selection, Failure> {
    let filter: BTreeMap<String, String> = order.filter.query(&context.client)?.into_iter().collect();
    let ways = [order.keys_from.is_some(), order.every_key, !filter.is_empty()];
    if ways.iter().filter(|way| **way).count() != 1 {
        return Err(Failure::usage(
            "say which keys: by conditions, by --keys-from FILE, or --every-key",
        ));
    }
    let Some(path) = &order.keys_from else {
        return Ok(Selection {
            filter: Some(filter),
            ..Selection::default()
        });
    };
    let failed = |cause| Failure::file(path.display(), &cause);
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())
    } else {
        fs::read_to_string(path)
    };
    let text = text.map_err(failed)?;
    let named = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let ids: Result<Vec<_>, Failure> = named.map(|named| find::key(&context.client, named)).collect();
    Ok(Selection {
        ids: Some(ids?),
        ..Selection::default()
    })
}

fn wired(context: &Context, action: &Action) -> Result<(BulkAction, Option<Value>), Failure> {
    let value = |body: Result<Value, serde_json::Error>| {
        body.map(Some)
            .map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))
    };
    Ok(match action {
        Action::LinkPolicy(link) => (
            BulkAction::LinkPolicy,
            value(serde_json::to_value(link.body(&context.client)?))?,
        ),
        Action::UnlinkPolicy => (BulkAction::UnlinkPolicy, None),
        Action::Assign(to) => (
            BulkAction::Assign,
            value(serde_json::to_value(to.body(&context.client)?))?,
        ),
        Action::Unassign => (BulkAction::Unassign, None),
        Action::Quarantine(aside) => (BulkAction::Quarantine, value(serde_json::to_value(aside.body()))?),
        Action::Release(back) => (BulkAction::Release, value(serde_json::to_value(back.body()))?),
        Action::Suspend => (BulkAction::Suspend, None),
        Action::Resume => (BulkAction::Resume, None),
        Action::Revoke(end) => (BulkAction::Revoke, value(serde_json::to_value(end.body()))?),
        Action::Dispose => (BulkAction::Dispose, None),
        Action::Delete => (BulkAction::Delete, None),
    })
}
