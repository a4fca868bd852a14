//! `live-rows`: from a change to its row on the screens that show it, while many consoles stand open.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Fleet;
use crate::api::Api;
use crate::live::{Changes, Console, Ended, Item, Made, Page, Plan, Shown, delays};
use crate::measure::{Samples, float, processor_time};
use crate::report::{Report, remark};
use crate::server::Server;

const LIST: &str = "/security-keys?tab=stocks&sort=-imported_at";
/// How long a change may take to show before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many consoles, and what happens meanwhile.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Sizes {
    /// Open consoles of `live-rows`
    #[arg(long, default_value_t = 200, value_name = "COUNT")]
    consoles: usize,
    /// Changes a second of `live-rows`
    #[arg(long, default_value_t = 1_000, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(2..))]
    changes: u32,
    /// How long `live-rows` takes
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    seconds: u64,
}

pub(super) async fn measure(fleet: &Fleet, sizes: Sizes, report: &mut Report) -> Result<()> {
    let (server, api) = (&fleet.server, fleet.server.api());
    let alone = server.own_memory()?;
    let (closing, closed) = watch::channel(false);
    let (mut consoles, mut keys) = (JoinSet::new(), HashMap::new());
    for shown in screens(&api, sizes.consoles).await? {
        let (console, stream) = Console::open(api.clone(), shown).await?;
        keys.extend(console.rows().map(|item| (item.id, item)));
        consoles.spawn(console.stay(stream, closed.clone()));
    }
    let keys: Vec<Item> = keys.into_values().collect();
    let plan = Plan {
        rate: sizes.changes,
        time: Duration::from_secs(sizes.seconds),
    };
    let changes = Changes::new(api, keys, plan).await?;
    let (begin, before) = (Instant::now(), processor_time(server.process()?)?);
    let (made, memory) = watched(server, changes).await?;
    let (time, spent) = (
        begin.elapsed(),
        processor_time(server.process()?)?.saturating_sub(before),
    );
    tokio::time::sleep(PATIENCE).await;
    closing.send_replace(true);
    let mut ended = Vec::new();
    while let Some(console) = consoles.join_next().await {
        ended.push(console??);
    }
    told(&made, &ended, time);
    report_delays(fleet, &made, &ended, report)?;
    let cores = spent.as_secs_f64() / time.as_secs_f64();
    report.add(report.value("live-rows-processor", fleet.rows, cores, "processors", (cores, cores)))?;
    report_memory(fleet, alone, &memory, report)
}

/// Half of the consoles show the first page, each of the others a page of its own, as far as there are pages.
async fn screens(api: &Api, consoles: usize) -> Result<Vec<Shown>> {
    let mut all = vec![Shown::new(LIST, None); consoles.div_ceil(2)];
    let mut shown = Shown::new(LIST, None);
    while all.len() < consoles {
        let page: Page = api.read(&shown.path()).await?;
        shown = Shown::new(LIST, page.next_cursor.as_deref());
        all.push(shown.clone());
    }
    Ok(all)
}

/// Carries the changes out; answers them and the server's own memory in MB, each second.
async fn watched(server: &Server, changes: Changes) -> Result<(Made, Vec<f64>)> {
    let mut made = std::pin::pin!(changes.carry_out());
    let mut each_second = tokio::time::interval(Duration::from_secs(1));
    let mut memory = Vec::new();
    loop {
        tokio::select! {
            made = &mut made => return Ok((made?, memory)),
            _ = each_second.tick() => memory.push(server.own_memory()?),
        }
    }
}

fn told(made: &Made, ended: &[Ended], time: Duration) {
    let asked: u64 = ended.iter().map(|console| console.asked).sum();
    remark(&format!(
        "live-rows: {} changes in {:.1} s; {} consoles asked {asked} times",
        made.moments.len(),
        time.as_secs_f64(),
        ended.len()
    ));
}

fn report_delays(fleet: &Fleet, made: &Made, ended: &[Ended], report: &mut Report) -> Result<()> {
    let (mut all, mut lost) = (Vec::new(), 0);
    for console in ended {
        let (mut delays, missed) = delays(&made.moments, console);
        all.append(&mut delays);
        lost += missed;
    }
    ensure!(
        lost == 0,
        "{lost} changes never came to a screen that shows them, {} did",
        all.len()
    );
    let answers = Samples::milliseconds(made.answers.iter().copied());
    let figure = report.value(
        "live-rows-answer-p99",
        fleet.rows,
        answers.per_mille(990),
        "ms",
        answers.spread(),
    );
    report.add(figure.beside("p50", answers.median()))?;
    let delays = Samples::of(all);
    report.add(report.samples("live-rows", fleet.rows, &delays, "ms"))?;
    let figure = report.value(
        "live-rows-p99",
        fleet.rows,
        delays.per_mille(990),
        "ms",
        delays.spread(),
    );
    report.add(figure.target("< 1,000"))
}

/// The highest memory, beside that before a console was open; and how it went on after the first third.
fn report_memory(fleet: &Fleet, alone: f64, memory: &[f64], report: &mut Report) -> Result<()> {
    let third = memory.len().div_ceil(3).max(1);
    let (early, late) = (memory.chunks(third).next(), memory.rchunks(third).next());
    let mean = |part: Option<&[f64]>| {
        let part = part.context("a run shorter than a second")?;
        anyhow::Ok(part.iter().sum::<f64>() / float(u64::try_from(part.len())?))
    };
    let samples = Samples::of(memory.iter().copied());
    let highest = samples.spread().1;
    let figure = report.value("live-rows-memory", fleet.rows, highest, "MB", samples.spread());
    report.add(figure.beside("before the consoles", alone))?;
    let growth = mean(late)? - mean(early)?;
    let figure = report.value("live-rows-memory-growth", fleet.rows, growth, "MB", (growth, growth));
    report.add(figure.target("flat"))
}
