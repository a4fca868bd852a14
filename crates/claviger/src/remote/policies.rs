//! `claviger policies`.

use clap::{Args, Subcommand};
use claviger_api::{Policy, client::Query};

use super::{
    Context, keys,
    listing::{self, Amount},
    policy_terms::{Kind, Terms},
};
use crate::failure::Failure;

const EXAMPLES: &str = "\
Examples:
  claviger policies create \"Head office\" --type standard --min-pin-length 6 --force-pin-change true
  claviger policies update \"Head office\" --min-pin-length 8
  claviger policies versions \"Head office\" --output json
  claviger policies archive \"Old stock\"";

/// Policies: what keys have to be set to.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Policies {
    /// List policies
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one policy
    Show(Named),
    /// Make a policy
    Create {
        /// Its name, unique in the tenant
        name: String,
        /// Which keys it fits
        #[arg(long = "type", value_enum, value_name = "TYPE")]
        kind: Kind,
        #[command(flatten)]
        terms: Terms,
    },
    /// Change a policy; what is not named stays. One in use gets a new version, keys keep theirs until it is applied
    #[command(visible_alias = "edit")]
    Update {
        #[command(flatten)]
        named: Named,
        /// Only if the policy still has this revision, as `policies show` tells it
        #[arg(long, value_name = "REVISION")]
        if_match: Option<i64>,
        /// Its new name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        terms: Terms,
    },
    /// Put a policy away: its keys keep it, no other is offered it
    Archive(Named),
    /// Bring an archived policy back
    Restore(Named),
    /// Delete a policy that no key uses; asks first
    Delete(Named),
    /// List the versions of a policy
    Versions {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        amount: Amount,
    },
}

/// A policy.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// Policy, by name or id
    #[arg(value_name = "POLICY")]
    policy: String,
}

impl Named {
    fn read(&self, context: &Context) -> Result<Policy, Failure> {
        Ok(context.client.policy(keys::policy(&context.client, &self.policy)?)?)
    }
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Policies) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Policies::List { amount } => listing::show(context, amount, &Query::new(), |query| client.policies(query)),
        Policies::Show(named) => context.output.one(&named.read(context)?),
        Policies::Create { name, kind, terms } => context.output.one(&client.create_policy(&terms.draft(name, kind))?),
        Policies::Update {
            named,
            if_match,
            name,
            terms,
        } => {
            if name.is_none() && terms == Terms::default() {
                return Err(Failure::nothing_to_change());
            }
            let policy = named.read(context)?;
            let mut draft = policy.terms;
            terms.change(&mut draft);
            draft.name = name.unwrap_or(draft.name);
            context
                .output
                .one(&client.update_policy(policy.id, &draft, if_match.unwrap_or(policy.revision))?)
        }
        Policies::Archive(named) => command_one(context, &named, "archive"),
        Policies::Restore(named) => command_one(context, &named, "restore"),
        Policies::Delete(named) => {
            let policy = named.read(context)?;
            context
                .output
                .confirm(&format!("Delete the policy {}?", policy.terms.name))?;
            client.delete_policy(policy.id, Some(policy.revision))?;
            context
                .output
                .note(&format!("The policy {} is deleted.", policy.terms.name));
            Ok(())
        }
        Policies::Versions { named, amount } => {
            let id = keys::policy(client, &named.policy)?;
            listing::show(context, amount, &Query::new(), |query| {
                client.policy_versions(id, query)
            })
        }
    }
}

fn command_one(context: &Context, named: &Named, verb: &str) -> Result<(), Failure> {
    let policy = named.read(context)?;
    context
        .output
        .one(&context.client.command_policy(policy.id, verb, Some(policy.revision))?)
}
