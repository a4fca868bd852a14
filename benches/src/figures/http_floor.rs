//! `http-floor`: an authenticated GET of one key, 32 clients; beside a bare axum handler that reads the same way.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Fleet;
use crate::dataset;
use crate::load;
use crate::measure::Samples;
use crate::reference::handler;
use crate::report::Report;
use crate::server::text;

const CLIENTS: usize = 32;
const TIME: Duration = Duration::from_secs(3);

pub(super) async fn measure(fleet: &Fleet, report: &mut Report) -> Result<()> {
    let page = fleet.server.get("/security-keys?tab=stocks&limit=200").await?;
    let ids = page
        .get("items")
        .and_then(|items| items.as_array())
        .context("a page without items")?;
    let paths: Vec<String> = ids
        .iter()
        .filter_map(|key| text(key, "id").ok())
        .map(|id| format!("/api/v1/security-keys/{id}"))
        .collect();
    let bare_paths: Vec<String> = dataset::choices(fleet.rows)
        .take(200)
        .map(|number| format!("/keys/{number}"))
        .collect();
    let (paths, bare_paths) = (Arc::new(paths), Arc::new(bare_paths));
    let bare_address = handler::serve(&fleet.bare).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..fleet.runs.max(1) {
        let server = &fleet.server;
        ours.push(load::throughput(server.address, &server.token, paths.clone(), CLIENTS, TIME).await?);
        bare.push(load::throughput(bare_address, "none", bare_paths.clone(), CLIENTS, TIME).await?);
    }
    let figure = report.samples("http-floor", fleet.rows, &Samples::of(ours), "requests/s");
    report.add(
        figure
            .beside("bare axum handler", Samples::of(bare).median())
            .target("≥ 0.7"),
    )
}
