//! `claviger setup`.

use clap::Args;
use claviger_server::{
    local::{self, FirstSteps},
    ports::Clock,
};

use super::{flags::LinkSettings, with_store};
use crate::{
    failure::Failure,
    output::{self, Output},
};

const EXAMPLES: &str = "\
Examples:
  claviger setup --data /var/lib/claviger --tenant \"Example Ltd\" --administrator ada@example.org
  claviger setup --data /var/lib/claviger --tenant \"Example Ltd\" --administrator ada@example.org --api-token > owner.token
The link works once, for 24 hours, at the address of --public-url or http://localhost and the port of --listen.";

/// The first tenant and its Owner.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Setup {
    /// Name of the first tenant
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// E-mail address of its Owner, by which he signs in
    #[arg(long, value_name = "EMAIL")]
    administrator: String,
    /// Print an API token with the Owner's role instead of a link, for automation
    #[arg(long)]
    api_token: bool,
    #[command(flatten)]
    settings: LinkSettings,
}

/// Makes both and prints the link, or the token, alone on standard output.
pub(super) fn run(order: &Setup) -> Result<(), Failure> {
    let config = order.settings.config()?;
    let steps = FirstSteps {
        tenant: &order.tenant,
        administrator: &order.administrator,
    };
    let clock = Clock::default();
    let text = with_store(&config, async |store| {
        if order.api_token {
            local::api_token(&config, store, &clock, steps).await
        } else {
            local::link(&config, store, &clock, steps).await
        }
    })?;
    if order.api_token {
        output::say("The API token of an Owner, shown this once; keep it like a password:");
    } else {
        output::say("Start the server and open this link within 24 hours; it works once:");
    }
    Output::text(&format!("{}\n", text.as_str()))
}
