//! The figures, one file each; a fleet is imported once and shared by those that only read.

mod console;
mod counts;
mod export;
mod growth;
mod http_floor;
mod import;
mod live_rows;
mod otp;
mod pages;
mod search;
mod start;
mod writes;

use anyhow::{Result, bail};

pub(crate) use live_rows::Sizes;

use crate::Options;
use crate::reference::Bare;
use crate::report::{Report, remark};
use crate::server::{Place, Server};

/// All names, in the order in which they are measured.
const NAMES: [&str; 17] = [
    "import",
    "export",
    "search-exact",
    "search-prefix",
    "search-contains",
    "page-depth",
    "counts",
    "http-floor",
    "import-tail",
    "live-rows",
    "start",
    "otp-import",
    "otp-verify-c32",
    "otp-verify-c256",
    "otp-tail",
    "console",
    "fleet-growth",
];

/// A server with keys in stock, and a bare engine with the same.
pub(crate) struct Fleet {
    pub(crate) server: Server,
    pub(crate) bare: Bare,
    pub(crate) rows: u64,
    pub(crate) runs: usize,
}

/// Takes the figures that were asked for.
pub(crate) async fn measure(options: &Options, place: Place, mut report: Report) -> Result<()> {
    if let Some(unknown) = options.names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        bail!("no figure `{unknown}`: there are {}", NAMES.join(", "));
    }
    let wanted = |name: &str| options.names.is_empty() || options.names.iter().any(|asked| asked == name);
    let of_a_fleet = |name: &str| !otp::NAMES.contains(&name) && !matches!(name, "console" | "fleet-growth");
    if NAMES.iter().any(|name| of_a_fleet(name) && wanted(name)) {
        fleet(&place, options.rows, options.runs, options.live, &wanted, &mut report).await?;
    }
    otp::measure(options, &place, &wanted, &mut report).await?;
    // Whoever asks for everything gets what this machine can do.
    if wanted("console") && (console::possible() || !options.names.is_empty()) {
        console::measure(options, &place, &mut report).await?;
    }
    if wanted("fleet-growth") {
        growth::measure(options, &place, &mut report).await?;
    }
    Ok(())
}

/// Takes the wanted figures of a fleet of this size.
async fn fleet(
    place: &Place,
    rows: u64,
    runs: usize,
    live: Sizes,
    wanted: &dyn Fn(&str) -> bool,
    report: &mut Report,
) -> Result<()> {
    remark(&format!("a fleet of {rows} keys on {}", place.engine()));
    let import_runs = if wanted("import") { runs } else { 1 };
    let mut fleet = import::measure(place, rows, import_runs, wanted("import"), report).await?;
    fleet.runs = runs;
    if wanted("export") {
        export::measure(&fleet, report).await?;
    }
    search::measure(&fleet, wanted, report).await?;
    if wanted("page-depth") {
        pages::measure(&fleet, report).await?;
    }
    if wanted("counts") {
        counts::measure(&fleet, report).await?;
    }
    if wanted("http-floor") {
        http_floor::measure(&fleet, report).await?;
    }
    if wanted("import-tail") {
        writes::measure(&fleet, report).await?;
    }
    if wanted("live-rows") {
        live_rows::measure(&fleet, live, report).await?;
    }
    if wanted("start") {
        start::measure(&mut fleet, report).await?;
    }
    Ok(())
}
