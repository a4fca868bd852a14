//! `import-tail`: what other writers wait while an import of 200,000 keys goes in; its tail beside its median.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;

use super::Fleet;
use crate::dataset;
use crate::measure::Samples;
use crate::report::Report;
use crate::server::{Server, text};

const KEYS: u64 = 200_000;

pub(super) async fn measure(fleet: &Fleet, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("more.csv");
    dataset::write(&file, fleet.rows, fleet.rows + KEYS)?;
    let policy = fleet
        .server
        .post("/policies", Some(json!({ "name": "Bench", "type": "standard" })))
        .await?;
    let path = format!("/policies/{}", text(&policy, "id")?);
    let mut import = std::pin::pin!(fleet.server.import(&file));
    let mut times = Vec::new();
    loop {
        tokio::select! {
            biased;
            done = &mut import => {
                done?;
                break;
            }
            time = write(&fleet.server, &path, times.len()) => times.push(time?),
        }
    }
    ensure!(times.len() >= 1_000, "{} writes are too few for a p99.9", times.len());
    let times = Samples::milliseconds(times);
    let figure = report.value("import-tail", fleet.rows, times.per_mille(999), "ms", times.spread());
    report.add(figure.beside("p50", times.median()).target("≤ 10"))
}

/// One small change: a policy is put away, or fetched back.
async fn write(server: &Server, policy: &str, turn: usize) -> Result<Duration> {
    let verb = if turn.is_multiple_of(2) { "archive" } else { "restore" };
    let begin = Instant::now();
    server.post(&format!("{policy}/{verb}"), None).await?;
    Ok(begin.elapsed())
}
