//! `console`: the console in Chromium over a large fleet, driven and timed by `e2e/measure.mjs`.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::Options;
use crate::api::text;
use crate::hands;
use crate::measure::Samples;
use crate::report::Report;
use crate::server::{Place, Server};

const PROGRAM: &str = "e2e/measure.mjs";
/// No task may take longer; the browser tells only of longer ones, so that a good figure is 0.
const TASK: (&str, &str) = ("ms, longest task", "≤ 50");
/// The figures that the program takes: their units and targets.
const FIGURES: [(&str, (&str, &str)); 19] = [
    ("console-js", ("kB gzip", "≤ 120")),
    ("console-first-page-inventory", ("ms", "< 1,000")),
    ("console-first-page-inventory-task", TASK),
    ("console-first-page-inventory-shift", ("of the page", "0")),
    ("console-first-page-stocks", ("ms", "< 1,000")),
    ("console-first-page-stocks-task", TASK),
    ("console-first-page-stocks-shift", ("of the page", "0")),
    ("console-scroll", ("ms", "")),
    ("console-scroll-task", TASK),
    ("console-search", ("ms", "")),
    ("console-search-task", TASK),
    ("console-filter", ("ms", "")),
    ("console-filter-task", TASK),
    ("console-select", ("ms", "")),
    ("console-select-task", TASK),
    ("console-order", ("ms", "")),
    ("console-order-task", TASK),
    ("console-scroll-beside-job", ("ms", "")),
    ("console-scroll-beside-job-task", TASK),
];

/// Whether there is what it takes: Node.js comes with the console's own tools, Chromium may be missing.
pub(super) fn possible() -> bool {
    chromium().is_some() && Path::new(PROGRAM).is_file()
}

pub(super) async fn measure(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    ensure!(
        possible(),
        "there is no {PROGRAM} here, or `CLAVIGER_CHROMIUM` names no Chromium"
    );
    let server = place.server().await?;
    hands::fill(&server, options.rows).await?;
    let mut browser = program(&server, options)
        .await?
        .spawn()
        .context("`node` cannot be started")?;
    let lines = browser.stdout.take().context("no output")?;
    let mut lines = BufReader::new(lines).lines();
    while let Some(line) = lines.next_line().await? {
        take(&line, options.rows, report)?;
    }
    let end = browser.wait().await?;
    ensure!(end.success(), "{PROGRAM} failed ({end})");
    Ok(())
}

/// The program, as an Owner whom the server invites.
async fn program(server: &Server, options: &Options) -> Result<Command> {
    let invited = json!({ "email": "browser@example.test", "display_name": "Browser", "role": "owner" });
    let invitation = server.post("/administrators", Some(invited)).await?;
    let mut command = Command::new("node");
    command
        .arg(PROGRAM)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    command.env("CLAVIGER_ORIGIN", format!("http://localhost:{}", server.address.port()));
    command.env("CLAVIGER_LINK", text(&invitation, "link")?);
    command.env("CLAVIGER_RUNS", options.runs.max(1).to_string());
    Ok(command)
}

/// A line of the program: a figure's name and its values.
fn take(line: &str, rows: u64, report: &mut Report) -> Result<()> {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap_or_default();
    let Some((_, (unit, target))) = FIGURES.iter().find(|(known, _)| *known == name) else {
        bail!("{PROGRAM} wrote: {line}");
    };
    let values: Vec<f64> = words.map(str::parse).collect::<Result<_, _>>()?;
    report.add(report.samples(name, rows, &Samples::of(values), unit).target(target))
}

#[expect(clippy::disallowed_methods, reason = "the caller knows where Chromium is")]
fn chromium() -> Option<std::ffi::OsString> {
    std::env::var_os("CLAVIGER_CHROMIUM")
}
