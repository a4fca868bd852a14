//! `claviger api-tokens`.

use clap::{Args, Subcommand};
use claviger_api::{ApiToken, ApiTokenDraft, NewApiToken, Time, client::Query};

use super::{
    Context,
    called::Called,
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
  claviger api-tokens revoke \"warehouse scanner\"";

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
    /// Show one API token; never its secret
    Show(Named),
    /// End an API token; asks first
    Revoke(Named),
}

/// An API token.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// API token, by name or id
    #[arg(value_name = "API_TOKEN")]
    api_token: String,
}

impl Named {
    fn read(&self, context: &Context) -> Result<ApiToken, Failure> {
        let named = self.api_token.trim();
        let (mut found, _) = listing::collect(Amount::ALL, &Query::new(), |query| context.client.api_tokens(query))?;
        found.retain(|token| token.id.to_string() == named || token.name.to_lowercase() == named.to_lowercase());
        let called = Called {
            what: "API token",
            group: "api-tokens",
            named,
        };
        called.only(found, |token| {
            format!("{} is a {} made {}", token.id, token.role, token.created_at)
        })
    }
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
        ApiTokens::Show(named) => context.output.one(&named.read(context)?),
        ApiTokens::Revoke(named) => {
            // Whoever may end API tokens need not be allowed to list them.
            let id = match named.api_token.trim().parse() {
                Ok(id) => id,
                Err(_) => named.read(context)?.id,
            };
            let question = format!("End the API token {} for good?", named.api_token);
            context.output.confirm(&question)?;
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
