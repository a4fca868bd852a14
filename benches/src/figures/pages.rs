//! `page-depth`: the first page beside the deepest (page 20,000 at a million keys).

use anyhow::Result;

use super::Fleet;
use crate::api::text;
use crate::load::{self, Connection};
use crate::measure::Samples;
use crate::report::Report;

const PATH: &str = "/api/v1/security-keys?tab=stocks";
const REQUESTS: usize = 300;
/// Keys left of the walk when the page to measure is reached.
const REST: u64 = 50;

pub(super) async fn measure(fleet: &Fleet, report: &mut Report) -> Result<()> {
    let deep = deepest(fleet).await?;
    let (mut first, mut last) = (Vec::new(), Vec::new());
    // In turns, so that a noisy moment of the machine meets both.
    for _ in 0..REQUESTS / 50 {
        for (path, times) in [(format!("{PATH}&limit=50"), &mut first), (deep.clone(), &mut last)] {
            let paths = vec![path; 50];
            times.extend(load::latencies(fleet.server.address, &fleet.server.token, &paths).await?);
        }
    }
    let first = Samples::milliseconds(first);
    let figure = report.samples("page-depth", fleet.rows, &Samples::milliseconds(last), "ms");
    report.add(figure.beside("page 1", first.median()).target("≤ 1.2"))
}

/// The path of the page where no more than 50 keys are left.
async fn deepest(fleet: &Fleet) -> Result<String> {
    let mut connection = Connection::open(fleet.server.address, &fleet.server.token).await?;
    let mut path = format!("{PATH}&limit=200");
    let mut cursor = String::new();
    for _ in 0..(fleet.rows - REST.min(fleet.rows)) / 200 {
        let page: serde_json::Value = serde_json::from_slice(connection.get(&path).await?)?;
        text(&page, "next_cursor")?.clone_into(&mut cursor);
        path = format!("{PATH}&limit=200&cursor={cursor}");
    }
    Ok(format!("{PATH}&limit=50&cursor={cursor}"))
}
