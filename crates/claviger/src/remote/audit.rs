//! `claviger audit`, as far as it asks a server.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use claviger_api::{
    Acknowledgement, AttentionEvent, AuditCheckpoint, AuditProblem, AuditVerification, Time,
    client::{AuditFormat, Query},
};

use super::{
    At, Context,
    listing::{self, Amount},
    save::save,
    words::counted,
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{self, Column, Output, Record},
};

/// Commands on the audit log of a server.
#[derive(Debug, Subcommand)]
pub(crate) enum Remote {
    /// List audit events of the server, newest first
    List {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        amount: Amount,
        #[command(flatten)]
        at: At,
    },
    /// Take note of Owners who signed in beside the identity provider; the overview shows them until then
    AcknowledgeBreakGlass {
        /// Up to this time, for example 2026-01-31T08:00:00Z; all there are now when left out
        #[arg(long, value_name = "TIME", value_parser = time)]
        until: Option<Time>,
        #[command(flatten)]
        at: At,
    },
    /// Let the server check the whole audit log of the tenant; what is wrong is printed, and the exit code is 1 then
    VerifyServer {
        #[command(flatten)]
        at: At,
    },
    /// List the newest signed checkpoints of the server and where the tenant's log stood at each, oldest first
    Checkpoints {
        #[command(flatten)]
        at: At,
    },
    /// Write audit events of the server to a file
    Export {
        #[command(flatten)]
        which: Which,
        /// Lines of JSON, or a table for spreadsheets
        #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
        format: Format,
        /// File to write; standard output when left out or `-`
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        at: At,
    },
}

/// How the file is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// An event a line, as JSON
    Jsonl,
    /// A table; cells that a spreadsheet would run are inert
    Csv,
}

impl From<Format> for AuditFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Jsonl => Self::Jsonl,
            Format::Csv => Self::Csv,
        }
    }
}

/// Which events; every condition given must hold.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which events")]
pub(crate) struct Which {
    /// Done by one of these administrators or API tokens, by id, separated by commas
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// What happened, for example `security_key.revoked`; several separated by commas
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Done to one of these objects, by id, separated by commas
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// Not before this time, for example 2026-01-31T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Time>,
    /// Before this time
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Time>,
    /// Search in names, reasons and tickets
    #[arg(long, short, value_name = "TEXT")]
    search: Option<String>,
}

impl Which {
    fn query(self) -> Query {
        let given = [
            ("actor", self.actor),
            ("action", self.action),
            ("object", self.object),
            ("from", self.from.map(|time| time.to_string())),
            ("to", self.to.map(|time| time.to_string())),
            ("q", self.search),
        ];
        given
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}

/// Carries out a command.
pub(crate) fn run(command: Remote) -> Result<(), Failure> {
    match command {
        Remote::List { which, amount, at } => {
            let context: Context = at.open()?;
            listing::show(&context, amount, &which.query(), |query| {
                context.client.audit_events(query)
            })
        }
        Remote::Checkpoints { at } => {
            let context = at.open()?;
            context.output.many(&context.client.audit_checkpoints()?.items)
        }
        Remote::VerifyServer { at } => verify(&at.open()?),
        Remote::AcknowledgeBreakGlass { until, at } => {
            let context = at.open()?;
            let shown = || newest(&context).transpose();
            let Some(until) = until.map(Ok).or_else(shown).transpose()? else {
                context.output.note("There is nothing to take note of.");
                return Ok(());
            };
            let kind = AttentionEvent::BreakGlass;
            let taken = context.client.acknowledge(&Acknowledgement { kind, until })?;
            context.output.note(&format!("Taken note of {}.", taken.count));
            Ok(())
        }
        Remote::Export {
            which,
            format,
            file,
            at,
        } => {
            let context = at.open()?;
            let query = which.query();
            save(&context, file.as_deref(), "Exporting", |into, notice| {
                context.client.export_audit_events(format.into(), &query, into, notice)
            })
        }
    }
}

/// When the newest of them was, as the overview says.
fn newest(context: &Context) -> Result<Option<Time>, Failure> {
    let shown = context.client.overview()?.attention;
    let newest = shown.iter().find(|item| item.kind == "break_glass");
    Ok(newest.and_then(|item| item.newest_at))
}

fn verify(context: &Context) -> Result<(), Failure> {
    let found = context.client.verify_audit()?;
    context.output.one(&found)?;
    if found.ok {
        return Ok(());
    }
    if context.output.format == output::Format::Table {
        Output::text("\n")?;
        context.output.many(&found.problems)?;
    }
    let count = u64::try_from(found.problems.len()).unwrap_or(u64::MAX);
    Err(Failure::new(
        Exit::Unexpected,
        format!(
            "the audit log is not intact: {}",
            counted(count, ["problem", "problems"])
        ),
    ))
}

impl Record for AuditVerification {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Intact", "ok", |found| found.ok.to_string()),
        Column::listed("Events checked", "entries", |found| found.entries.to_string()),
        Column::listed("Problems", "problems", |found| found.problems.len().to_string()),
    ];
}

impl Record for AuditCheckpoint {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Sequence", "sequence", |one| one.sequence.to_string()),
        Column::listed("At", "at", |one| one.at.to_string()),
        Column::listed("Heads", "heads", |one| {
            let heads = one.heads.iter().map(|head| format!("{}:{}", head.lane, head.sequence));
            heads.collect::<Vec<_>>().join(" ")
        }),
        Column::listed("SHA-256", "sha256", |one| one.sha256.clone()),
        Column::further("Signature", "signature", |one| one.signature.clone()),
        Column::further("Public key", "public_key", |one| one.public_key.clone()),
    ];
}

impl Record for AuditProblem {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Lane", "lane", |one| one.lane.to_string()),
        Column::listed("Sequence", "sequence", |one| one.sequence.to_string()),
        Column::listed("What is wrong", "detail", |one| one.detail.clone()),
    ];
}

fn time(text: &str) -> Result<Time, &'static str> {
    text.parse()
}
