//! `claviger tenants`.

use clap::Subcommand;
use claviger_api::{Tenant, TenantChange, client::Query};

use super::{
    Context,
    listing::{self, Amount},
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger tenants list
  claviger tenants rename \"Example Group\"
An API token belongs to one tenant and sees no other; further tenants are made by an Owner who is signed in.";

/// The tenant that the API token belongs to.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Tenants {
    /// Show the tenant that the API token belongs to
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Rename the tenant that the API token belongs to
    Rename {
        /// Its new name
        name: String,
    },
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Tenants) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Tenants::List { amount } => listing::show(context, amount, &Query::new(), |query| client.tenants(query)),
        Tenants::Rename { name } => {
            let own = client.tenants(&Query::new())?.items.into_iter().next();
            let own = own.ok_or_else(|| Failure::new(Exit::NotFound, "the API token belongs to no tenant"))?;
            let renamed = client.rename_tenant(own.id, &TenantChange { name }, Some(own.revision))?;
            context.output.one(&renamed)
        }
    }
}

impl Record for Tenant {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Name", "name", |tenant| tenant.name.clone()),
        Column::listed("Made", "created_at", |tenant| tenant.created_at.to_string()),
        Column::listed("Id", "id", |tenant| tenant.id.to_string()),
        Column::further("Revision", "revision", |tenant| tenant.revision.to_string()),
    ];
}
