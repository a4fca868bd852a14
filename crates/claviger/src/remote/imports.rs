//! `claviger imports`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use claviger_api::{
    Import, ImportMode, ImportStatus,
    client::{ImportOptions, ImportOutcome, Query},
};
use uuid::Uuid;

use super::{
    Context, jobs_wait, keys,
    listing::{self, Amount},
    save::save,
    sending::sending,
    words::{self, counted},
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{self, Format},
};

const EXAMPLES: &str = "\
Examples:
  claviger imports create delivery.csv --dry-run
  claviger imports create delivery.csv --policy \"Head office\"
  claviger imports create delivery.csv --mode good-rows --rejects rejected.csv
  claviger imports undo 0198c5a0-0000-7000-8000-000000000000
A file with rejected rows ends with exit code 13.";

/// Deliveries: files that bring keys and tokens into stock.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Imports {
    /// Import a delivery file: CSV with deviceName, serialNumber, version, or JSON {"devices": […]}
    Create(Create),
    /// List imports, newest first
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one import with its first faults
    Show {
        /// Id of the import
        #[arg(value_parser = words::id)]
        id: Uuid,
    },
    /// Write the rejected rows as CSV: the file's columns and `error`
    Rejects {
        /// Id of the import
        #[arg(value_parser = words::id)]
        id: Uuid,
        /// File to write; standard output when left out or `-`
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Take out again what an import brought, while nothing of it was touched; asks first
    Undo {
        /// Id of the import
        #[arg(value_parser = words::id)]
        id: Uuid,
    },
    /// Stop an import that is under way; nothing of it stays
    Cancel {
        /// Id of the import
        #[arg(value_parser = words::id)]
        id: Uuid,
    },
}

/// An import to make.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Create {
    /// The delivery file
    file: PathBuf,
    /// Only look at the file and say what would happen
    #[arg(long)]
    dry_run: bool,
    /// What is done when some rows are faulty
    #[arg(long, value_enum, default_value = "all-or-nothing")]
    mode: Mode,
    /// Policy to link with every imported key, by name or id
    #[arg(long, value_name = "POLICY")]
    policy: Option<String>,
    #[command(flatten)]
    behind: Behind,
}

/// What is done once a file was sent.
#[derive(Debug, Args)]
pub(super) struct Behind {
    /// Write the rejected rows to this file, if there are any
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the import and do not wait for its end
    #[arg(long)]
    no_wait: bool,
}

/// What is done with faulty rows.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Mode {
    /// Nothing of the file goes in
    AllOrNothing,
    /// The good rows go in
    GoodRows,
}

impl Mode {
    pub(super) const fn wire(self) -> ImportMode {
        match self {
            Self::AllOrNothing => ImportMode::AllOrNothing,
            Self::GoodRows => ImportMode::GoodRows,
        }
    }
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Imports) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Imports::Create(order) => create(context, &order),
        Imports::List { amount } => listing::show(context, amount, &Query::new(), |query| client.imports(query)),
        Imports::Show { id } => show(context, &client.import_by_id(id)?),
        Imports::Rejects { id, file } => save(context, file.as_deref(), "Rejected rows", |into, notice| {
            client.rejected_rows(id, into, notice)
        }),
        Imports::Undo { id } => undo(context, id),
        Imports::Cancel { id } => {
            let job = client.import_by_id(id)?.job_id.ok_or_else(|| {
                Failure::new(
                    Exit::Refused,
                    "this import was carried out at once; `imports undo` takes it out again",
                )
            })?;
            client.cancel_job(job)?;
            jobs_wait::until_ended(context, job, "Cancelling")?;
            show(context, &client.import_by_id(id)?)
        }
    }
}

/// Sends a file, waits for its end, and tells what became of it.
pub(crate) fn create(context: &Context, order: &Create) -> Result<(), Failure> {
    let outcome = send(context, order)?;
    order.behind.settle(context, outcome)
}

impl Behind {
    /// Waits for the end of an import, and tells what became of it.
    pub(super) fn settle(&self, context: &Context, outcome: ImportOutcome) -> Result<(), Failure> {
        let import = match outcome {
            ImportOutcome::Settled(import) | ImportOutcome::Refused(import) => *import,
            ImportOutcome::Begun(import) if self.no_wait => return context.output.one(&*import),
            ImportOutcome::Begun(import) => awaited(context, *import)?,
        };
        show(context, &import)?;
        self.keep_rejects(context, &import)?;
        judged(context, &import)
    }

    fn keep_rejects(&self, context: &Context, import: &Import) -> Result<(), Failure> {
        let (Some(file), Some(id), true) = (&self.rejects, import.id, import.counts.rejected > 0) else {
            return Ok(());
        };
        save(context, Some(file), "Rejected rows", |into, notice| {
            context.client.rejected_rows(id, into, notice)
        })
    }
}

fn send(context: &Context, order: &Create) -> Result<ImportOutcome, Failure> {
    let policy = order
        .policy
        .as_deref()
        .map(|named| keys::policy(&context.client, named))
        .transpose()?;
    let options = ImportOptions {
        dry_run: order.dry_run,
        mode: order.mode.wire(),
        policy,
    };
    sending(context, &order.file, |name, progress| {
        context.client.import(&order.file, name, options, progress)
    })
}

fn awaited(context: &Context, import: Import) -> Result<Import, Failure> {
    let (Some(id), Some(job)) = (import.id, import.job_id) else {
        return Ok(import);
    };
    jobs_wait::until_ended(context, job, "Importing")?;
    Ok(context.client.import_by_id(id)?)
}

fn show(context: &Context, import: &Import) -> Result<(), Failure> {
    context.output.one(import)?;
    if context.output.format == Format::Table && !import.errors.is_empty() {
        output::Output::text("\n")?;
        context.output.many(&import.errors)?;
        if import.errors_truncated {
            context
                .output
                .note("There are more faults; `claviger imports rejects ID` writes them all.");
        }
    }
    Ok(())
}

/// The exit code of an import that has ended.
fn judged(context: &Context, import: &Import) -> Result<(), Failure> {
    let rejected = import
        .counts
        .rejected
        .max(u64::try_from(import.errors.len()).unwrap_or(u64::MAX));
    match import.status {
        ImportStatus::Cancelled => Err(Failure::new(Exit::JobEnded, "the import was cancelled; nothing is in")),
        ImportStatus::Failed => Err(Failure::new(Exit::JobEnded, "the import failed; nothing is in")
            .hint("the server's log says why; importing the file again is safe")),
        ImportStatus::Refused => Err(Failure::new(
            Exit::RowsRejected,
            format!(
                "the file is faulty ({}); nothing is in",
                counted(rejected, ["fault", "faults"])
            ),
        )),
        ImportStatus::Previewed | ImportStatus::Applied if rejected > 0 => Err(Failure::new(
            Exit::RowsRejected,
            counted(rejected, ["row is rejected", "rows are rejected"]),
        )),
        ImportStatus::Applied => {
            context.output.note("Import Successful!");
            Ok(())
        }
        ImportStatus::Previewed
        | ImportStatus::Checking
        | ImportStatus::Applying
        | ImportStatus::Undoing
        | ImportStatus::Undone => Ok(()),
    }
}

fn undo(context: &Context, id: Uuid) -> Result<(), Failure> {
    let import = context.client.import_by_id(id)?;
    let question = format!(
        "Take out again the {} that {} brought?",
        import.counts.accepted, import.file_name
    );
    context.output.confirm(&question)?;
    let mut import = context.client.undo_import(id)?;
    if import.status == ImportStatus::Undoing {
        import = awaited(context, import)?;
    }
    show(context, &import)
}
