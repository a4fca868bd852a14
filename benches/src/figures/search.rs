//! `search-exact`, `-prefix`, `-contains`: the one search box, through HTTP.

use anyhow::Result;

use super::Fleet;
use crate::dataset;
use crate::load;
use crate::measure::Samples;
use crate::report::Report;

const REQUESTS: usize = 500;
const SCANS: usize = 5;

pub(super) async fn measure(fleet: &Fleet, wanted: &dyn Fn(&str) -> bool, report: &mut Report) -> Result<()> {
    let serials: Vec<String> = dataset::choices(fleet.rows)
        .take(REQUESTS)
        .map(|number| dataset::row(number).serial_number)
        .collect();
    let large = fleet.rows > 1_000_000;
    for (name, range, target) in [
        ("search-exact", 0..12, "p99 < 5 ms"),
        ("search-prefix", 0..7, "p99 < 5 ms"),
        (
            "search-contains",
            4..10,
            if large { "p99 < 150 ms" } else { "p99 < 30 ms" },
        ),
    ] {
        if !wanted(name) {
            continue;
        }
        let texts: Vec<&str> = serials.iter().filter_map(|serial| serial.get(range.clone())).collect();
        let paths: Vec<String> = texts
            .iter()
            .map(|text| format!("/api/v1/security-keys?tab=stocks&q={text}"))
            .collect();
        // Once unmeasured: the first requests fill caches that a running server has full.
        load::latencies(
            fleet.server.address,
            &fleet.server.token,
            paths.get(..50).unwrap_or(&paths),
        )
        .await?;
        let times = load::latencies(fleet.server.address, &fleet.server.token, &paths).await?;
        let times = Samples::milliseconds(times);
        let p99 = times.per_mille(990);
        let figure = report.value(&format!("{name}-p99"), fleet.rows, p99, "ms", times.spread());
        report.add(figure.target(target))?;
        let mut figure = report.samples(name, fleet.rows, &times, "ms");
        if name == "search-contains" {
            let mut scans = Vec::new();
            for text in texts.iter().take(SCANS) {
                scans.push(fleet.bare.scan(text).await?);
            }
            figure = figure
                .beside("LIKE scan", Samples::milliseconds(scans).median())
                .target("≤ 0.02");
        }
        report.add(figure)?;
    }
    Ok(())
}
