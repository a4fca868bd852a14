//! `counts`: keys by status, from counters; beside the engine's own COUNT.

use anyhow::Result;

use super::Fleet;
use crate::load;
use crate::measure::Samples;
use crate::report::Report;

pub(super) async fn measure(fleet: &Fleet, report: &mut Report) -> Result<()> {
    let paths = vec!["/api/v1/security-keys/counts".to_owned(); 500];
    let times = load::latencies(fleet.server.address, &fleet.server.token, &paths).await?;
    let mut bare = Vec::new();
    for _ in 0..5 {
        bare.push(fleet.bare.count().await?);
    }
    let figure = report.samples("counts", fleet.rows, &Samples::milliseconds(times), "ms");
    report.add(
        figure
            .beside("COUNT", Samples::milliseconds(bare).median())
            .target("< 1 ms"),
    )
}
