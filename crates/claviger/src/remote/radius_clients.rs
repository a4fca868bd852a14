//! `claviger radius-clients`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use claviger_api::{RadiusClient, RadiusClientChange, RadiusClientDraft};

use super::{Context, called::Called};
use crate::{
    failure::Failure,
    output::{self, Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  openssl rand -hex 24 > secret.txt && claviger radius-clients add \"VPN gateway\" --network 10.1.2.3 --secret-file secret.txt
  claviger radius-clients list
  claviger radius-clients update \"VPN gateway\" --network 10.1.2.0/28
  claviger radius-clients rotate \"VPN gateway\" --secret-file secret.txt
  claviger radius-clients remove \"VPN gateway\"
A secret has 16 to 128 bytes, chosen at random; it is never shown again. The server answers RADIUS if it was started with --radius-listen.";

/// Who may ask for codes through RADIUS.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum RadiusClients {
    /// List RADIUS clients; their secrets are never shown
    List,
    /// Show one client
    Show(Named),
    /// Add a client: an appliance, or all that stand in one network
    #[command(visible_alias = "create")]
    Add {
        /// What it is
        name: String,
        /// Where its packets come from: an address, or a network such as 10.1.0.0/16
        #[arg(long, value_name = "NETWORK")]
        network: String,
        #[command(flatten)]
        secret: Secret,
    },
    /// Change the name or the network of a client; its secret stays
    #[command(visible_alias = "edit")]
    Update {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        change: Change,
        /// Only if the client still has this revision, as `radius-clients show` tells it
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
    },
    /// Give a client another secret; packets signed with the one before are dropped from then on
    Rotate {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        secret: Secret,
    },
    /// Take a client away: its packets are dropped from then on; asks first
    #[command(visible_alias = "delete")]
    Remove(Named),
}

/// A client.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Client, by name or id
    #[arg(value_name = "CLIENT")]
    client: String,
}

/// What to change.
#[derive(Debug, Args)]
#[group(id = "client_change", required = true, multiple = true)]
pub(crate) struct Change {
    /// The new name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The new address or network
    #[arg(long, value_name = "NETWORK")]
    network: Option<String>,
}

/// The secret that a client shares.
#[derive(Debug, Args)]
pub(crate) struct Secret {
    /// File that holds the secret; `-` asks for it, or reads standard input. Never a flag, since a process list shows flags
    #[arg(long, value_name = "FILE", default_value = "-")]
    secret_file: PathBuf,
}

impl Named {
    fn read(&self, context: &Context) -> Result<RadiusClient, Failure> {
        let named = self.client.trim();
        let mut found = context.client.radius_clients()?.items;
        found.retain(|client| client.id.to_string() == named || client.name.to_lowercase() == named.to_lowercase());
        let called = Called {
            what: "RADIUS client",
            group: "radius-clients",
            named,
        };
        called.only(found, |client| format!("{} asks from {}", client.id, client.network))
    }
}

impl Secret {
    fn read(&self) -> Result<String, Failure> {
        output::secret("shared secret", &self.secret_file)
    }
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: RadiusClients) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        RadiusClients::List => {
            let all = client.radius_clients()?;
            context.output.many(&all.items)?;
            if all.listen.is_none() {
                context
                    .output
                    .note("This server does not answer RADIUS; it does when it is started with --radius-listen.");
            }
            Ok(())
        }
        RadiusClients::Add { name, network, secret } => {
            let secret = secret.read()?;
            let draft = RadiusClientDraft { name, network, secret };
            context.output.one(&client.add_radius_client(&draft)?)
        }
        RadiusClients::Show(named) => context.output.one(&named.read(context)?),
        RadiusClients::Update {
            named,
            change: Change { name, network },
            if_match,
        } => {
            let change = RadiusClientChange {
                name,
                network,
                secret: None,
            };
            let mut before = named.read(context)?;
            before.revision = if_match.unwrap_or(before.revision);
            changed(context, &before, &change)
        }
        RadiusClients::Rotate { named, secret } => {
            // Asked for last: nobody types a secret for a client that is not there.
            let before = named.read(context)?;
            let change = RadiusClientChange {
                secret: Some(secret.read()?),
                ..RadiusClientChange::default()
            };
            changed(context, &before, &change)
        }
        RadiusClients::Remove(named) => {
            let gone = named.read(context)?;
            let question = format!("Take the RADIUS client {} away for good?", gone.name);
            context.output.confirm(&question)?;
            client.remove_radius_client(gone.id, Some(gone.revision))?;
            context.output.note("The RADIUS client is taken away.");
            Ok(())
        }
    }
}

fn changed(context: &Context, before: &RadiusClient, change: &RadiusClientChange) -> Result<(), Failure> {
    let after = context
        .client
        .change_radius_client(before.id, change, Some(before.revision))?;
    context.output.one(&after)
}

impl Record for RadiusClient {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Name", "name", |client| client.name.clone()),
        Column::listed("Network", "network", |client| client.network.clone()),
        Column::listed("Secret since", "rotated_at", |client| client.rotated_at.to_string()),
        Column::listed("Added", "created_at", |client| client.created_at.to_string()),
        Column::listed("By", "created_by", |client| client.created_by.clone()),
        Column::listed("Id", "id", |client| client.id.to_string()),
        Column::further("Revision", "revision", |client| client.revision.to_string()),
    ];
}
