//! `export`: all keys as CSV through HTTP; beside the bare engine's walk over the same rows.

use anyhow::{Result, ensure};

use super::Fleet;
use crate::measure::{Samples, rate};
use crate::report::Report;

pub(super) async fn measure(fleet: &Fleet, report: &mut Report) -> Result<()> {
    let (mut ours, mut bare, mut growths) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..fleet.runs.max(1) {
        let before = fleet.server.own_memory()?;
        let (_, lines, time) = fleet.server.walk("/security-keys/export.csv?tab=stocks").await?;
        ensure!(
            lines == fleet.rows + 1,
            "an export of {lines} lines for {} keys",
            fleet.rows
        );
        growths.push((fleet.server.own_memory()? - before).max(0.0));
        ours.push(rate(fleet.rows, time));
        bare.push(rate(fleet.rows, fleet.bare.walk().await?));
    }
    let figure = report.samples("export", fleet.rows, &Samples::of(ours), "rows/s");
    report.add(
        figure
            .beside("bare engine row walk", Samples::of(bare).median())
            .target("≥ 0.7"),
    )?;
    let figure = report.samples("export-memory", fleet.rows, &Samples::of(growths), "MB");
    report.add(figure.target("≤ 16"))
}
