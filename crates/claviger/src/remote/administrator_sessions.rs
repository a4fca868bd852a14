//! `claviger administrators sessions`.

use clap::Subcommand;
use claviger_api::{AdministratorSession, client::Query};
use uuid::Uuid;

use super::{
    Context,
    administrators::Named,
    listing::{self, Amount},
    shown::wire,
    words,
};
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger administrators sessions list eve@example.org
  claviger administrators sessions end eve@example.org 0198c5a0-0000-7000-8000-000000000000
  claviger administrators sessions end eve@example.org --all
He can sign in again: `claviger administrators disable` bars him.";

/// Sessions of an administrator in this tenant.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Sessions {
    /// List an administrator's sessions in this tenant, newest first
    List {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        amount: Amount,
    },
    /// End one session, or all of them, at once
    #[command(after_help = EXAMPLES)]
    End {
        #[command(flatten)]
        named: Named,
        /// Id of the session, as `sessions list` tells it
        #[arg(required_unless_present = "all", conflicts_with = "all", value_parser = words::id)]
        session: Option<Uuid>,
        /// End all of them
        #[arg(long)]
        all: bool,
    },
}

/// Carries out a command.
pub(super) fn run(context: &Context, command: Sessions) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Sessions::List { named, amount } => {
            let id = named.read(context)?.id;
            listing::show(context, amount, &Query::new(), |query| {
                client.administrator_sessions(id, query)
            })
        }
        Sessions::End { named, session, .. } => {
            let who = named.read(context)?;
            match session {
                Some(session) => client.end_administrator_session(who.id, session)?,
                None => client.end_administrator_sessions(who.id)?,
            }
            let what = if session.is_some() {
                "The session has"
            } else {
                "All sessions have"
            };
            context.output.note(&format!("{what} ended: {}.", who.email));
            Ok(())
        }
    }
}

impl Record for AdministratorSession {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Id", "id", |one| one.id.to_string()),
        Column::listed("Signed in by", "method", |one| wire(&one.method)),
        Column::listed("From", "address", |one| one.address.clone().unwrap_or_default()),
        Column::listed("Began", "created_at", |one| one.created_at.to_string()),
        Column::listed("Last used", "last_seen_at", |one| one.last_seen_at.to_string()),
        Column::listed("Ends", "expires_at", |one| one.expires_at.to_string()),
        Column::further("Browser", "user_agent", |one| {
            one.user_agent.clone().unwrap_or_default()
        }),
    ];
}
