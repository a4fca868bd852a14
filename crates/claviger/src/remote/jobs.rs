//! `claviger jobs`.

use clap::Subcommand;
use claviger_api::{JobResult, client::Query};
use uuid::Uuid;

use super::{
    Context, jobs_wait,
    listing::{self, Amount},
    words,
};
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  claviger jobs list
  claviger jobs show 0198c5a0-0000-7000-8000-000000000000 --wait
  claviger jobs results 0198c5a0-0000-7000-8000-000000000000 --outcome refused --all --output csv";

/// Long work: imports and bulk commands.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Jobs {
    /// List jobs, newest first
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one job; with --wait, its exit code tells how it ended
    Show {
        /// Id of the job
        #[arg(value_parser = words::id)]
        id: Uuid,
        /// Wait for its end
        #[arg(long)]
        wait: bool,
    },
    /// Ask a job to stop
    Cancel {
        /// Id of the job
        #[arg(value_parser = words::id)]
        id: Uuid,
    },
    /// List what became of each row
    Results {
        /// Id of the job
        #[arg(value_parser = words::id)]
        id: Uuid,
        /// Only rows with this outcome
        #[arg(long, value_name = "OUTCOME", value_parser = ["done", "refused"])]
        outcome: Option<String>,
        #[command(flatten)]
        amount: Amount,
    },
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Jobs) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Jobs::List { amount } => listing::show(context, amount, &Query::new(), |query| client.jobs(query)),
        Jobs::Show { id, wait: false } => context.output.one(&client.job(id)?),
        Jobs::Show { id, wait: true } => {
            let job = jobs_wait::until_ended(context, id, "Waiting")?;
            context.output.one(&job)?;
            jobs_wait::well(&job)
        }
        Jobs::Cancel { id } => context.output.one(&client.cancel_job(id)?),
        Jobs::Results { id, outcome, amount } => listing::show(context, amount, &query(outcome.as_deref()), |query| {
            client.job_results(id, query)
        }),
    }
}

/// All results of a job, or those with one outcome.
pub(crate) fn results(context: &Context, id: Uuid, outcome: Option<&str>) -> Result<Vec<JobResult>, Failure> {
    Ok(listing::collect(Amount::ALL, &query(outcome), |query| {
        context.client.job_results(id, query)
    })?
    .0)
}

fn query(outcome: Option<&str>) -> Query {
    outcome
        .map(|outcome| ("outcome".to_owned(), outcome.to_owned()))
        .into_iter()
        .collect()
}
