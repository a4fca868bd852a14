//! `claviger settings sign-in`.

use clap::Subcommand;
use claviger_api::{OidcSettings, OidcTest, OidcTested, ProblemKind, client::ClientError};

use super::{Context, sign_in_change::Change};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger settings sign-in test --issuer https://id.example.org
  claviger settings sign-in set --issuer https://id.example.org --client-id claviger --client-secret-file - \\
    --button-label \"Example Ltd\" --group-role admins=administrator --group-role desk=help_desk
  claviger settings sign-in set --no-group desk --default-role view_only
  claviger settings sign-in show
  claviger settings sign-in remove
Once it is set, register the redirect URI that `show` tells at the provider. Owners can always sign in by password or passkey.";

/// Sign-in of administrators by OpenID Connect.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum SignIn {
    /// Show the tenant's identity provider; its client secret is never shown
    Show,
    /// Set the identity provider up, or change it; what is left out stays
    #[command(after_help = EXAMPLES)]
    Set {
        #[command(flatten)]
        change: Box<Change>,
        /// Only if the settings still have this revision; 0 if none are there
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
    },
    /// Take the identity provider away: people sign in by password or passkey alone; asks first
    Remove,
    /// Let the server read a provider's description and say what is wrong with it; nothing is changed
    Test {
        /// Of this provider; of the one that is set up when left out
        #[arg(long, value_name = "URL")]
        issuer: Option<String>,
    },
}

/// Carries out a command.
pub(super) fn run(context: &Context, command: SignIn) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        SignIn::Show => context.output.one(&client.sign_in_provider().map_err(none)?),
        SignIn::Set { change, if_match } => set(context, *change, if_match),
        SignIn::Remove => {
            let provider = client.sign_in_provider().map_err(none)?;
            let question = format!("Let nobody sign in through {} any more?", provider.issuer);
            context.output.confirm(&question)?;
            client.remove_sign_in_provider(Some(provider.revision))?;
            context.output.note("The identity provider is removed.");
            Ok(())
        }
        SignIn::Test { issuer } => {
            let tested = client.test_sign_in_provider(&OidcTest { issuer }).map_err(none)?;
            context.output.one(&tested)?;
            if tested.ok {
                return Ok(());
            }
            let detail = tested.problem.unwrap_or_default();
            Err(Failure::new(
                Exit::Unexpected,
                format!("the provider cannot be used: {detail}"),
            ))
        }
    }
}

/// Nothing but the provider can be missing here.
fn none(error: ClientError) -> Failure {
    if error.kind() == Some(ProblemKind::NotFound) {
        return Failure::new(Exit::NotFound, "no identity provider is set up")
            .hint("`claviger settings sign-in set` sets one up");
    }
    error.into()
}

fn set(context: &Context, change: Change, if_match: Option<i64>) -> Result<(), Failure> {
    let client = &context.client;
    let before = match client.sign_in_provider() {
        Ok(provider) => Some(provider),
        Err(error) if error.kind() == Some(ProblemKind::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let revision = before.as_ref().map_or(0, |before| before.revision);
    let first = before.is_none();
    let draft = change.draft(before)?;
    let after = client.set_sign_in_provider(&draft, Some(if_match.unwrap_or(revision)))?;
    context.output.one(&after)?;
    if first {
        context.output.note(&format!(
            "Register this redirect URI at the provider: {}",
            after.redirect_uri
        ));
    }
    Ok(())
}

impl Record for OidcSettings {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Issuer", "issuer", |one| one.issuer.clone()),
        Column::listed("Client id", "client_id", |one| one.client_id.clone()),
        Column::listed("Client secret set", "client_secret_set", |one| {
            one.client_secret_set.to_string()
        }),
        Column::listed("Redirect URI", "redirect_uri", |one| one.redirect_uri.clone()),
        Column::listed("Scopes", "scopes", |one| one.scopes.join(" ")),
        Column::listed("Groups claim", "groups_claim", |one| one.groups_claim.clone()),
        Column::listed("Groups", "group_roles", |one| {
            let lines: Vec<String> = one
                .group_roles
                .iter()
                .map(|(group, role)| format!("{group}={role}"))
                .collect();
            lines.join("; ")
        }),
        Column::listed("Default role", "default_role", |one| {
            one.default_role.clone().unwrap_or_default()
        }),
        Column::listed("Makes administrators", "create_administrators", |one| {
            one.create_administrators.to_string()
        }),
        Column::listed("Button", "button_label", |one| one.button_label.clone()),
        Column::listed("Button for everybody", "listed", |one| one.listed.to_string()),
        Column::listed("Key", "key", |one| one.key.clone()),
        Column::listed("Revision", "revision", |one| one.revision.to_string()),
    ];
}

impl Record for OidcTested {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Usable", "ok", |one| one.ok.to_string()),
        Column::listed("Problem", "problem", |one| one.problem.clone().unwrap_or_default()),
        Column::listed("Sign-in page", "authorization_endpoint", |one| {
            one.authorization_endpoint.clone().unwrap_or_default()
        }),
    ];
}
