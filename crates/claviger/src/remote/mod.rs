//! Commands that ask a server: thin over the REST API, so that everything here can be done by any other program.

mod administrator_sessions;
pub(crate) mod administrators;
pub(crate) mod api_tokens;
pub(crate) mod approvals;
pub(crate) mod audit;
mod bulk;
mod called;
mod connection;
pub(crate) mod downloads;
mod figures;
pub(crate) mod imports;
pub(crate) mod jobs;
mod jobs_wait;
pub(crate) mod keys;
mod listing;
pub(crate) mod policies;
mod policy_terms;
mod privileges;
pub(crate) mod radius_clients;
pub(crate) mod roles;
mod save;
mod sending;
mod serial;
pub(crate) mod settings;
mod settings_change;
mod several;
mod shown;
mod shown_once;
mod sign_in;
mod sign_in_change;
pub(crate) mod tenants;
pub(crate) mod tokens;
pub(crate) mod users;
mod verification_settings;
pub(crate) mod whoami;
mod words;

use clap::{Args, Subcommand};
use claviger_api::client::Client;

use crate::{failure::Failure, output::Output};
use connection::Connection;

/// A group of commands that ask a server.
#[derive(Debug, Args)]
pub(crate) struct Remote<C: Subcommand> {
    #[command(subcommand)]
    pub(crate) command: C,
    #[command(flatten)]
    pub(crate) at: At,
}

/// Where to ask, and how to show the answer.
#[derive(Debug, Args)]
pub(crate) struct At {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    output: Output,
}

/// A command with all it needs.
pub(crate) struct Context {
    pub(crate) client: Client,
    pub(crate) output: Output,
}

impl At {
    /// Reads the token and prepares the client.
    pub(crate) fn open(self) -> Result<Context, Failure> {
        Ok(Context {
            client: self.connection.client(self.output.quiet)?,
            output: self.output,
        })
    }
}
