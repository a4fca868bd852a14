//! `claviger whoami`.

use clap::Args;
use claviger_api::Session;

use super::At;
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger whoami
  claviger whoami --token-file scanner.token --output json
`claviger roles privileges ROLE` explains the privileges.";

/// Whose API token it is.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Whoami {
    #[command(flatten)]
    at: At,
}

/// Shows what the API token is for and may do.
pub(crate) fn run(order: Whoami) -> Result<(), Failure> {
    let context = order.at.open()?;
    context.output.one(&context.client.session()?)
}

impl Record for Session {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("API token", "name", |one| one.administrator.display_name.clone()),
        Column::listed("Tenant", "tenant", |one| one.tenant.name.clone()),
        Column::listed("Role", "role", |one| one.role.clone()),
        Column::listed("Privileges", "privileges", |one| one.privileges.join(" ")),
        Column::listed("Server version", "version", |one| one.version.clone()),
        Column::further("Tenant id", "tenant_id", |one| one.tenant.id.to_string()),
        Column::further("Id", "id", |one| one.administrator.id.to_string()),
    ];
}
