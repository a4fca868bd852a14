//! `claviger api-tokens`.

use clap::Subcommand;
use claviger_api::{ApiTokenDraft, NewApiToken, Time, client::Query};
use uuid::Uuid;

use super::{
    Context,
    listing::{self, Amount},
    shown_once::Keep,
};
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger api-tokens create \"warehouse scanner\" --role warehouse --save-to scanner.token
  claviger api-tokens list
  claviger api-tokens revoke 0198c5a0-0000-7000-8000-000000000000";

/// API tokens: how programs sign in.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum ApiTokens {
    /// List API tokens; their secrets are never shown again
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Make an API token; its secret is shown this once
    Create {
        /// What it is for
        name: String,
        /// Its role in this tenant, for example `warehouse` or `view_only`
        #[arg(long, value_name = "ROLE")]
        role: String,
        /// When it dies, for example 2027-01-31T00:00:00Z; never when left out
        #[arg(long, value_name = "TIME", value_parser = time)]
        expires: Option<Time>,
        #[command(flatten)]
        keep: Keep,
    },
    /// End an API token; asks first
    Revoke {
        /// Id of the token
        id: Uuid,
    },
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: ApiTokens) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        ApiTokens::List { amount } => listing::show(context, amount, &Query::new(), |query| client.api_tokens(query)),
        ApiTokens::Create {
            name,
            role,
            expires,
            keep,
        } => {
            let draft = ApiTokenDraft {
                name,
                role,
                expires_at: expires,
            };
            let made = keep.made(|| client.create_api_token(&draft), |made| &mut made.token)?;
            context.output.one(&made)
        }
        ApiTokens::Revoke { id } => {
            context.output.confirm(&format!("End the API token {id} for good?"))?;
            client.revoke_api_token(id)?;
            context.output.note("The API token is revoked.");
            Ok(())
        }
    }
}

impl Record for NewApiToken {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Token", "token", |made| made.token.clone()),
        Column::listed("Name", "name", |made| made.name.clone()),
        Column::listed("Role", "role", |made| made.role.clone()),
        Column::listed("Id", "id", |made| made.id.to_string()),
    ];
}

fn time(text: &str) -> Result<Time, &'static str> {
    text.parse()
}
