//! `import-tail`: what other writers wait while an import of 200,000 keys goes in; its tail beside its median.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use super::Fleet;
use crate::api::text;
use crate::dataset;
use crate::measure::Samples;
use crate::report::{Report, remark};
use crate::server::Server;

const KEYS: u64 = 200_000;

/// So many writes have to be timed for a p99.9; on a slow machine one import is over before.
const WRITES: usize = 1_000;
/// Most imports that are made for them.
const IMPORTS: u64 = 10;

pub(super) async fn measure(fleet: &Fleet, report: &mut Report) -> Result<()> {
    let policy = fleet
        .server
        .post("/policies", Some(json!({ "name": "Bench", "type": "standard" })))
        .await?;
    let path = format!("/policies/{}", text(&policy, "id")?);
    let mut times = Vec::new();
    for number in 0..IMPORTS {
        beside_import(fleet, number, &path, &mut times).await?;
        if times.len() >= WRITES {
            break;
        }
        remark(&format!("import-tail: {} writes so far, one more import", times.len()));
    }
    ensure!(times.len() >= WRITES, "{} writes are too few for a p99.9", times.len());
    let times = Samples::milliseconds(times);
    let figure = report.value("import-tail", fleet.rows, times.per_mille(999), "ms", times.spread());
    report.add(figure.beside("p50", times.median()).target("≤ 10"))
}

/// Times writes, one after the other, while an import goes in.
async fn beside_import(fleet: &Fleet, number: u64, policy: &str, times: &mut Vec<Duration>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("more.csv");
    let from = fleet.rows + number * KEYS;
    dataset::write(&file, from, from + KEYS)?;
    let mut import = std::pin::pin!(fleet.server.import(&file, None));
    loop {
        // A write that is under way is waited for: dropping it would leave open whether it took place.
        let turn = times.len();
        let mut written = std::pin::pin!(write(&fleet.server, policy, turn));
        tokio::select! {
            biased;
            done = &mut import => {
                done?;
                times.push(written.await?);
                return Ok(());
            }
            time = &mut written => times.push(time?),
        }
    }
}

/// One small change: a policy is put away, or fetched back.
async fn write(server: &Server, policy: &str, turn: usize) -> Result<Duration> {
    let verb = if turn.is_multiple_of(2) { "archive" } else { "restore" };
    let begin = Instant::now();
    server.post(&format!("{policy}/{verb}"), None).await?;
    Ok(begin.elapsed())
}
