//! `otp-verify-c32`, `-c256`: HOTP codes verified through HTTP, durable and audited; `otp-tail`: the same while a delivery
//! of keys is imported; `otp-import`: a seed file of as many tokens as the fleet has keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::Options;
use crate::dataset;
use crate::measure::{Samples, float, processor_time, rate};
use crate::otp::load::Verifier;
use crate::otp::tokens;
use crate::reference::otp::{Bare as BareTokens, Commit};
use crate::reference::{Bare, handler::Handler};
use crate::report::{Report, remark};
use crate::server::{Place, Server};

/// Tokens whose codes are verified.
const TOKENS: u64 = 100_000;
const TIME: Duration = Duration::from_secs(4);
/// Clients beside an import.
const TAIL_CLIENTS: usize = 32;

pub(super) const NAMES: [&str; 4] = ["otp-verify-c32", "otp-verify-c256", "otp-tail", "otp-import"];

pub(super) async fn measure(
    options: &Options,
    place: &Place,
    wanted: &dyn Fn(&str) -> bool,
    report: &mut Report,
) -> Result<()> {
    if wanted("otp-import") {
        import(options, place, report).await?;
    }
    let loads = [("otp-verify-c32", 32), ("otp-verify-c256", 256)];
    if !wanted("otp-tail") && !loads.iter().any(|(name, _)| wanted(name)) {
        return Ok(());
    }
    remark(&format!("{TOKENS} tokens on {}", place.engine()));
    let server = place.server().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("seeds.csv");
    tokens::write(&file, 0, TOKENS)?;
    server.import_tokens(&file).await?;
    let ours = Target::ours(&server)?;
    for (name, clients) in loads {
        if wanted(name) {
            verify(name, clients, options.runs, place, &ours, report).await?;
        }
    }
    if wanted("otp-tail") {
        tail(options, &server, &ours.verifier, report).await?;
    }
    Ok(())
}

/// A process that verifies codes.
struct Target {
    process: u32,
    verifier: Verifier,
}

impl Target {
    fn ours(server: &Server) -> Result<Self> {
        Ok(Self {
            process: server.process()?,
            verifier: Verifier::new(server.address, "/api/v1/verifications/otp", &server.token, TOKENS),
        })
    }

    fn of(handler: &Handler) -> Self {
        Self {
            process: handler.process(),
            verifier: Verifier::new(handler.address, "/verify", "none", TOKENS),
        }
    }

    /// Verifications a second, the median in ms, and the milliseconds of processor time that each took.
    async fn loaded(&self, clients: usize) -> Result<(f64, f64, f64)> {
        let before = processor_time(self.process)?;
        let times = self.verifier.during(clients, TIME).await?;
        let spent = processor_time(self.process)?.saturating_sub(before);
        let count = u64::try_from(times.len())?;
        let cost = spent.as_secs_f64() * 1e3 / float(count);
        Ok((rate(count, TIME), Samples::milliseconds(times).median(), cost))
    }
}

/// Codes a second of so many clients, beside both bare forms.
async fn verify(
    name: &str,
    clients: usize,
    runs: usize,
    place: &Place,
    ours: &Target,
    report: &mut Report,
) -> Result<()> {
    let (each, grouped) = (
        BareTokens::filled(place.postgres(), TOKENS).await?,
        BareTokens::filled(place.postgres(), TOKENS).await?,
    );
    let handlers = (each.handler(Commit::Each)?, grouped.handler(Commit::Grouped)?);
    let bare = (Target::of(&handlers.0), Target::of(&handlers.1));
    let (mut rates, mut medians, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut each, mut grouped) = (Vec::new(), Vec::new());
    // In turns, so that a noisy moment of the machine meets all.
    for _ in 0..runs.max(3) {
        let (rate, median, cost) = ours.loaded(clients).await?;
        rates.push(rate);
        medians.push(median);
        costs.push(cost);
        each.push(bare.0.loaded(clients).await?.0);
        grouped.push(bare.1.loaded(clients).await?.0);
    }
    let target = match (place.postgres().is_some(), clients) {
        (false, 32) => "≥ 2",
        (false, _) => "≥ 10",
        (true, 32) => "",
        (true, _) => "≥ 2",
    };
    let rates = Samples::of(rates);
    let figure = report.samples(name, TOKENS, &rates, "verifications/s");
    report.add(
        figure
            .beside("one transaction a request", Samples::of(each).median())
            .target(target),
    )?;
    let figure = report.samples(&format!("{name}-grouped"), TOKENS, &rates, "verifications/s");
    report.add(
        figure
            .beside("bare group commit", Samples::of(grouped).median())
            .target("≥ 0.7"),
    )?;
    report.add(report.samples(&format!("{name}-p50"), TOKENS, &Samples::of(medians), "ms"))?;
    let figure = report.samples(
        &format!("{name}-cost"),
        TOKENS,
        &Samples::of(costs),
        "ms of processor a code",
    );
    report.add(figure.target("≤ 0.2"))
}

/// How long verifications take while a delivery goes in; their tail beside their median.
async fn tail(options: &Options, server: &Server, verifier: &Verifier, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("delivery.csv");
    dataset::write(&file, 0, options.rows)?;
    let enough = Arc::new(AtomicBool::new(false));
    let load = tokio::spawn({
        let (verifier, enough) = (verifier.clone(), enough.clone());
        async move { verifier.until(TAIL_CLIENTS, enough).await }
    });
    let imported = server.import(&file, None).await;
    enough.store(true, Ordering::Relaxed);
    let times = load.await??;
    let seconds = imported?.as_secs_f64();
    ensure!(
        times.len() >= 1_000,
        "{} verifications are too few for a p99.9",
        times.len()
    );
    remark(&format!(
        "otp-tail: {} verifications in {seconds:.1} s of import",
        times.len()
    ));
    let times = Samples::milliseconds(times);
    let figure = report.value("otp-tail", options.rows, times.per_mille(999), "ms", times.spread());
    report.add(figure.beside("p50", times.median()).target("≤ 10"))
}

/// A seed file through HTTP, checked, sealed, audited; beside the bare engine's inserts of as many rows.
async fn import(options: &Options, place: &Place, report: &mut Report) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("seeds.csv");
    tokens::write(&file, 0, options.rows)?;
    let (mut ours, mut bare_rates, mut growths) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..options.runs.max(1) {
        let (bare, bare_time) = Bare::filled(place.postgres(), options.rows).await?;
        drop(bare);
        let server = place.server().await?;
        let before = server.memory()?.0;
        let time = server.import_tokens(&file).await?;
        growths.push(server.memory()?.1 - before);
        ours.push(rate(options.rows, time));
        bare_rates.push(rate(options.rows, bare_time));
        remark(&format!(
            "otp-import {} of {}: {:.1} s",
            run + 1,
            options.runs,
            time.as_secs_f64()
        ));
    }
    let target = if place.postgres().is_some() {
        "≥ 0.7"
    } else {
        "≥ 0.5"
    };
    let figure = report.samples("otp-import", options.rows, &Samples::of(ours), "rows/s");
    report.add(
        figure
            .beside("bare engine insert", Samples::of(bare_rates).median())
            .target(target),
    )?;
    let figure = report.samples("otp-import-memory", options.rows, &Samples::of(growths), "MB");
    report.add(figure.target("≤ 150"))
}
