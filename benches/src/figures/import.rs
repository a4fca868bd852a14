//! `import`: a delivery file through HTTP, checked, searchable, audited; beside the bare engine's inserts.

use std::time::Duration;

use anyhow::Result;

use super::Fleet;
use crate::dataset;
use crate::measure::{Samples, rate};
use crate::reference::{Bare, indexed};
use crate::report::{Report, remark};
use crate::server::{Place, Server};

/// Imports into `runs` new servers; the last one stays for the other figures.
pub(super) async fn measure(place: &Place, rows: u64, runs: usize, tell: bool, report: &mut Report) -> Result<Fleet> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("delivery.csv");
    dataset::write(&file, 0, rows)?;
    let (mut ours, mut bare_rates, mut growths) = (Vec::new(), Vec::new(), Vec::new());
    let mut indexed_rates = Vec::new();
    let mut kept: Option<(Server, Bare)> = None;
    for run in 0..runs.max(1) {
        drop(kept.take());
        let (bare, bare_time) = Bare::filled(place.postgres(), rows).await?;
        if tell {
            let indexed_time = indexed::filled(place.postgres(), rows).await?;
            indexed_rates.push(rate(rows, indexed_time));
        }
        let server = place.server().await?;
        let before = server.memory()?.0;
        let time: Duration = server.import(&file, None).await?;
        growths.push(server.memory()?.1 - before);
        ours.push(rate(rows, time));
        bare_rates.push(rate(rows, bare_time));
        remark(&format!(
            "import {} of {runs}: {:.1} s, bare {:.1} s",
            run + 1,
            time.as_secs_f64(),
            bare_time.as_secs_f64()
        ));
        kept = Some((server, bare));
    }
    if tell {
        let target = if place.postgres().is_some() {
            "≥ 0.7"
        } else {
            "≥ 0.5"
        };
        let reference = Samples::of(bare_rates).median();
        let ours = Samples::of(ours);
        let figure = report.samples("import", rows, &ours, "rows/s");
        report.add(figure.beside("bare engine insert", reference).target(target))?;
        let reference = Samples::of(indexed_rates).median();
        let figure = report.samples("import-beside-indexed", rows, &ours, "rows/s");
        report.add(figure.beside("bare insert with the same indexes", reference))?;
        let figure = report.samples("import-memory", rows, &Samples::of(growths), "MB");
        report.add(figure.target("≤ 150"))?;
    }
    let (server, bare) = kept.ok_or_else(|| anyhow::anyhow!("no import ran"))?;
    Ok(Fleet {
        server,
        bare,
        rows,
        runs,
    })
}
