//! `cargo xtask test`: every check and test there is, in order, with one summary and one exit code.

mod counts;
mod postgres;
mod steps;
mod venv;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

pub(crate) use counts::Counts;
pub(crate) use postgres::Postgres;
use steps::{STEPS, Step};

use crate::tree::Tree;

/// What `test` takes.
#[derive(Args)]
pub(crate) struct Options {
    /// Runs only this step (may be given several times)
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Lists the steps and runs none
    #[arg(long)]
    list: bool,
    /// Stops at the first step that fails
    #[arg(long)]
    fail_fast: bool,
}

/// How one step went.
struct Report {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

enum Outcome {
    Ran(Counts),
    /// The step could not say anything: it broke before its first test.
    Broke(String),
    /// What it tests is not in the tree; with the path that would bring it.
    Absent(&'static str),
    /// This machine cannot do it; with the reason, which is said aloud.
    Skipped(String),
}

/// The refusal of a step that this machine cannot run, with the reason. It fails nothing and counts nothing.
#[derive(Debug)]
struct Skipped(String);

impl std::fmt::Display for Skipped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Skipped {}

/// Runs the chosen steps, each whatever became of the ones before, and sums up.
pub(crate) fn run(tree: &Tree, options: &Options) -> Result<ExitCode> {
    let steps = chosen(&options.only)?;
    if options.list {
        for step in &steps {
            println!(
                "{:<10} {}{}",
                step.name,
                step.about,
                if step.present(tree) { "" } else { " (not present)" }
            );
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut reports = Vec::new();
    for step in steps {
        let report = run_step(tree, step);
        let stop = options.fail_fast && report.outcome.counts().failed > 0;
        reports.push(report);
        if stop {
            break;
        }
    }
    let total = summary(&reports);
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(only: &[String]) -> Result<Vec<&'static Step>> {
    if let Some(unknown) = only
        .iter()
        .find(|name| STEPS.iter().all(|step| step.name != name.as_str()))
    {
        let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown}; the steps are {}", names.join(", "));
    }
    Ok(STEPS
        .iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect())
}

fn run_step(tree: &Tree, step: &'static Step) -> Report {
    println!(
        "\n── {} · {} {}",
        step.name,
        step.about,
        "─".repeat(60_usize.saturating_sub(step.about.len()))
    );
    let start = Instant::now();
    let outcome = if step.present(tree) {
        (step.run)(tree).map_or_else(Outcome::refused, Outcome::Ran)
    } else {
        Outcome::Absent(step.needs)
    };
    let report = Report {
        name: step.name,
        outcome,
        took: start.elapsed(),
    };
    println!("{}", report.line());
    report
}

fn summary(reports: &[Report]) -> Counts {
    println!("\n── summary {}", "─".repeat(68));
    for report in reports {
        println!("{}", report.line());
    }
    let total: Counts = reports.iter().map(|report| report.outcome.counts()).sum();
    let took: Duration = reports.iter().map(|report| report.took).sum();
    println!(
        "\n{} in all; {} tests are for `cargo xtask prove` alone",
        words(took),
        total.ignored
    );
    println!("{} passed, {} failed", total.passed, total.failed);
    total
}

impl Outcome {
    fn refused(error: anyhow::Error) -> Self {
        match error.downcast::<Skipped>() {
            Ok(Skipped(reason)) => Self::Skipped(reason),
            Err(error) => Self::Broke(format!("{error:#}")),
        }
    }

    fn counts(&self) -> Counts {
        match self {
            Self::Ran(counts) => *counts,
            Self::Broke(_) => Counts::failure(),
            Self::Absent(_) | Self::Skipped(_) => Counts::default(),
        }
    }
}

impl Report {
    fn line(&self) -> String {
        let (mark, words_of_it) = match &self.outcome {
            Outcome::Ran(counts) if counts.failed > 0 => (
                "FAILED",
                format!("{} of {}", counts.failed, counts.failed + counts.passed),
            ),
            Outcome::Ran(counts) => (
                "passed",
                if counts.passed > 1 {
                    counts.passed.to_string()
                } else {
                    String::new()
                },
            ),
            Outcome::Broke(error) => ("FAILED", error.clone()),
            Outcome::Absent(path) => ("absent", format!("not present: {path} is not in the tree")),
            Outcome::Skipped(reason) => ("SKIPPED", reason.clone()),
        };
        format!("{mark}  {:<10} {:>10}  {words_of_it}", self.name, words(self.took))
            .trim_end()
            .to_owned()
    }
}

fn words(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds < 60 {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_step_is_refused_with_the_names_of_all() {
        let error = chosen(&["nonsense".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("nonsense") && error.contains("lints"), "{error}");
    }

    #[test]
    fn what_is_absent_counts_as_nothing_and_what_breaks_as_a_failure() {
        assert_eq!(Outcome::Absent("e2e").counts(), Counts::default());
        assert_eq!(Outcome::Broke(String::new()).counts().failed, 1);
    }

    #[test]
    fn what_this_machine_cannot_do_is_said_and_fails_nothing() {
        let skipped = Outcome::refused(Skipped("no root".to_owned()).into());
        assert_eq!(skipped.counts(), Counts::default());
        let report = Report {
            name: "fido2",
            outcome: skipped,
            took: Duration::ZERO,
        };
        assert!(report.line().starts_with("SKIPPED  fido2"), "{}", report.line());
        assert!(report.line().ends_with("no root"), "{}", report.line());
        assert_eq!(Outcome::refused(anyhow::anyhow!("broken")).counts().failed, 1);
    }
}
