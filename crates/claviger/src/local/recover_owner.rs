//! `claviger recover-owner`.

use clap::Args;
use claviger_server::{
    local::{self, Recovery},
    ports::Clock,
};

use super::{flags::LinkSettings, with_store};
use crate::{
    failure::Failure,
    output::{self, Output},
};

const EXAMPLES: &str = "\
Example:
  claviger recover-owner --data /var/lib/claviger --administrator ada@example.org
Whoever can read the database's folder can do this; it stands in the tenant's audit log as administrator.recovered.";

/// Who is let in again.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RecoverOwner {
    /// E-mail address; an administrator who does not exist is made, one who is barred is let in again
    #[arg(long, value_name = "EMAIL")]
    administrator: String,
    /// Name of the tenant to be Owner of; needed where there are several
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    #[command(flatten)]
    settings: LinkSettings,
}

/// Makes him Owner and prints the one-time link alone on standard output.
pub(super) fn run(order: &RecoverOwner) -> Result<(), Failure> {
    let config = order.settings.config()?;
    let recovery = Recovery {
        administrator: &order.administrator,
        tenant: order.tenant.as_deref(),
    };
    let (link, tenant) = with_store(&config, async |store| {
        local::recover_owner(&config, store, &Clock::default(), recovery).await
    })?;
    let name = output::plain(&tenant);
    output::say(&format!(
        "ATTENTION: {} is now an Owner of {name}. This is recorded in its audit log.",
        order.administrator
    ));
    output::say("Open this link within 24 hours to set a new password or passkey; it works once:");
    Output::text(&format!("{}\n", link.as_str()))
}
