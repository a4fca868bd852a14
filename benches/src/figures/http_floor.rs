//! `http-floor`: an authenticated GET of one key, 32 clients; beside a bare axum handler that reads the same way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Fleet;
use crate::api::text;
use crate::dataset;
use crate::load;
use crate::measure::{Samples, processor_time};
use crate::reference::handler::Handler;
use crate::report::Report;

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
    let handler = Handler::start(&fleet.bare)?;
    let (ours, bare) = (Target::of(fleet)?, Target::of_bare(&handler));
    let (mut rates, mut bare_rates, mut costs, mut bare_costs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // In turns, so that a noisy moment of the machine meets both.
    for _ in 0..fleet.runs.max(3) {
        let (rate, cost) = ours.loaded(&paths).await?;
        rates.push(rate);
        costs.push(cost);
        let (rate, cost) = bare.loaded(&bare_paths).await?;
        bare_rates.push(rate);
        bare_costs.push(cost);
    }
    let figure = report.samples("http-floor", fleet.rows, &Samples::of(rates), "requests/s");
    report.add(
        figure
            .beside("bare axum handler", Samples::of(bare_rates).median())
            .target("≥ 0.7"),
    )?;
    let figure = report.samples(
        "http-floor-cost",
        fleet.rows,
        &Samples::of(costs),
        "µs of processor a request",
    );
    report.add(figure.beside("bare axum handler", Samples::of(bare_costs).median()))
}

/// A process that answers.
struct Target<'a> {
    process: u32,
    address: SocketAddr,
    token: &'a str,
}

impl<'a> Target<'a> {
    fn of(fleet: &'a Fleet) -> Result<Self> {
        Ok(Self {
            process: fleet.server.process()?,
            address: fleet.server.address,
            token: &fleet.server.token,
        })
    }

    fn of_bare(handler: &Handler) -> Self {
        Self {
            process: handler.process(),
            address: handler.address,
            token: "none",
        }
    }

    /// Requests a second, and the microseconds of processor time that each took.
    async fn loaded(&self, paths: &Arc<Vec<String>>) -> Result<(f64, f64)> {
        let before = processor_time(self.process)?;
        let rate = load::throughput(self.address, self.token, paths.clone(), CLIENTS, TIME).await?;
        let spent = processor_time(self.process)?.saturating_sub(before);
        Ok((rate, spent.as_secs_f64() * 1e6 / (rate * TIME.as_secs_f64())))
    }
}
