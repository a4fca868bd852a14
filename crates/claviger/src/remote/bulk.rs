//! One command on many things: counted first, confirmed with the exact number, carried out as a job.

use std::{fs, io, path::Path};

use clap::Args;
use claviger_api::{
    Bulk, Job, OtpBulk, Selection,
    client::{Client, ClientError, Query},
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Context, jobs, jobs_wait, shown::wire, words::counted};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{Format, Output},
};

/// Most lines of a file that are named when nothing stands behind them.
const MOST_NAMED: usize = 20;

/// How it is carried out.
#[derive(Debug, Args)]
pub(super) struct How {
    /// Carry it out if exactly so many match, without asking
    #[arg(long, value_name = "N")]
    expect: Option<u64>,
    /// Only count how many match
    #[arg(long)]
    dry_run: bool,
    /// Print the job and do not wait for its end
    #[arg(long)]
    no_wait: bool,
}

/// Where the things are named: exactly one of these ways.
pub(super) struct Named<'a> {
    /// By conditions.
    pub(super) filter: Query,
    /// In a file, one on each line.
    pub(super) file: Option<&'a Path>,
    /// All that there are.
    pub(super) every: bool,
    /// The flags that name a file and all, for the message.
    pub(super) flags: [&'static str; 2],
}

/// A command on many things of one kind.
pub(super) trait Order {
    /// One of them, and several.
    const WHAT: [&'static str; 2];

    /// What is done to them.
    fn verb(&self) -> String;
    fn selection(&mut self) -> &mut Selection;
    fn count(&self, client: &Client) -> Result<u64, ClientError>;
    fn begin(&self, client: &Client) -> Result<Job, ClientError>;
}

impl Order for Bulk {
    const WHAT: [&'static str; 2] = ["key", "keys"];

    fn verb(&self) -> String {
        wire(&self.action)
    }

    fn selection(&mut self) -> &mut Selection {
        &mut self.selection
    }

    fn count(&self, client: &Client) -> Result<u64, ClientError> {
        client.count_bulk(self)
    }

    fn begin(&self, client: &Client) -> Result<Job, ClientError> {
        client.bulk(self)
    }
}

impl Order for OtpBulk {
    const WHAT: [&'static str; 2] = ["token", "tokens"];

    fn verb(&self) -> String {
        wire(&self.action)
    }

    fn selection(&mut self) -> &mut Selection {
        &mut self.selection
    }

    fn count(&self, client: &Client) -> Result<u64, ClientError> {
        client.count_otp_bulk(self)
    }

    fn begin(&self, client: &Client) -> Result<Job, ClientError> {
        client.otp_bulk(self)
    }
}

/// Counts, asks, carries out and tells what became of it.
pub(super) fn run<O: Order>(context: &Context, how: &How, mut order: O) -> Result<(), Failure> {
    let count = order.count(&context.client)?;
    if how.dry_run {
        return Output::text(&format!("{count}\n"));
    }
    let many = counted(count, O::WHAT);
    match how.expect {
        Some(expected) if expected != count => {
            return Err(Failure::new(
                Exit::Refused,
                format!("{many} would be changed, not {expected}; nothing was done"),
            ));
        }
        Some(_) => {}
        None => {
            let verb = order.verb().replace('_', " ");
            context.output.confirm(&format!("{verb}: {many}?"))?;
        }
    }
    let selection = order.selection();
    if selection.filter.is_some() {
        selection.expected_count = Some(count);
    }
    let job = order.begin(&context.client)?;
    if how.no_wait {
        return context.output.one(&job);
    }
    let job = jobs_wait::until_ended(context, job.id, "Working")?;
    jobs_wait::well(&job)?;
    report(context, job.id, count, O::WHAT)
}

fn report(context: &Context, job: Uuid, count: u64, what: [&str; 2]) -> Result<(), Failure> {
    let refused = jobs::results(context, job, Some("refused"))?;
    let many = counted(count, what);
    if refused.is_empty() {
        if context.output.format != Format::Table {
            context.output.many(&refused)?;
        }
        context.output.note(&format!("{many} done"));
        return Ok(());
    }
    context.output.many(&refused)?;
    let number = u64::try_from(refused.len()).unwrap_or(u64::MAX);
    let message = if number < count {
        format!("{number} of {many} refused it; the others are done")
    } else {
        format!("refused for {many}; nothing was done")
    };
    Err(Failure::new(Exit::RowsRejected, message)
        .hint(format!("claviger jobs results {job} --outcome refused --output csv")))
}

/// The things meant; those in a file are found one by one, and nothing is done unless all of them are there.
pub(super) fn selection(
    named: Named<'_>,
    what: [&str; 2],
    find: impl Fn(&str) -> Result<Uuid, Failure>,
) -> Result<Selection, Failure> {
    let ways = [named.file.is_some(), named.every, !named.filter.is_empty()];
    if ways.iter().filter(|way| **way).count() != 1 {
        let ([file, every], many) = (named.flags, what[1]);
        return Err(Failure::usage(format!(
            "say which {many}: by conditions, by {file} FILE, or {every}"
        )));
    }
    Ok(match named.file {
        Some(path) => Selection {
            ids: Some(listed(path, what, find)?),
            ..Selection::default()
        },
        None => Selection {
            filter: Some(named.filter.into_iter().collect()),
            ..Selection::default()
        },
    })
}

fn listed(path: &Path, what: [&str; 2], find: impl Fn(&str) -> Result<Uuid, Failure>) -> Result<Vec<Uuid>, Failure> {
    let text = if path.as_os_str() == "-" {
        io::read_to_string(io::stdin())
    } else {
        fs::read_to_string(path)
    };
    let text = text.map_err(|cause| Failure::file(path.display(), &cause))?;
    let (mut ids, mut unknown) = (Vec::new(), Vec::new());
    for (place, line) in text.lines().enumerate() {
        let named = line.trim();
        if named.is_empty() {
            continue;
        }
        match find(named) {
            Ok(id) => ids.push(id),
            Err(failure) if failure.exit == Exit::NotFound => {
                unknown.push(format!("line {}: {named:?}", place.saturating_add(1)));
            }
            Err(failure) => return Err(failure),
        }
    }
    if !unknown.is_empty() {
        return Err(nowhere(path, what, unknown));
    }
    if ids.is_empty() {
        return Err(Failure::usage(format!("{} names no {}", path.display(), what[0])));
    }
    Ok(ids)
}

fn nowhere(path: &Path, what: [&str; 2], mut unknown: Vec<String>) -> Failure {
    let more = unknown.len().saturating_sub(MOST_NAMED);
    let lines = counted(u64::try_from(unknown.len()).unwrap_or(u64::MAX), ["line", "lines"]);
    let message = format!(
        "no {} is known by {lines} of {}; nothing was done",
        what[0],
        path.display()
    );
    unknown.truncate(MOST_NAMED);
    if more > 0 {
        unknown.push(format!("and {more} more"));
    }
    unknown
        .into_iter()
        .fold(Failure::new(Exit::NotFound, message), Failure::hint)
}

/// The arguments of a command, as the command on one thing takes them.
pub(super) fn arguments(body: &impl Serialize) -> Result<Option<Value>, Failure> {
    serde_json::to_value(body)
        .map(Some)
        .map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))
}
