//! `start`: from the process's start to its first answer, and its memory at rest.

use std::time::Duration;

use anyhow::Result;

use super::Fleet;
use crate::measure::Samples;
use crate::report::Report;

pub(super) async fn measure(fleet: &mut Fleet, report: &mut Report) -> Result<()> {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..fleet.runs.max(3) {
        fleet.server.stop()?;
        times.push(fleet.server.start().await?);
        tokio::time::sleep(Duration::from_secs(1)).await;
        memory.push(fleet.server.memory()?.0);
    }
    let figure = report.samples("start", fleet.rows, &Samples::milliseconds(times), "ms");
    report.add(figure.target("< 200"))?;
    let figure = report.samples("memory-at-rest", fleet.rows, &Samples::of(memory), "MB");
    report.add(figure.target("< 60"))?;
    let disk = fleet.server.disk()?;
    report.add(report.value("disk", fleet.rows, disk, "MB", (disk, disk)))
}
