//! Orders to single tokens: one request each, in the order given.

use clap::{Args, Subcommand};
use claviger_api::{Compromise, NoArguments};
use serde::Serialize;

use super::find;
use crate::{
    failure::Failure,
    remote::{Context, keys::To, several::Several},
};

/// The tokens that an order is for.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    /// Serial numbers or ids
    #[arg(required = true, value_name = "TOKEN")]
    tokens: Vec<String>,
    /// Only if the token still has this revision, as `tokens show` tells it; for a single token
    #[arg(long, value_name = "REVISION")]
    if_match: Option<i64>,
}

/// Why tokens are devalued.
#[derive(Debug, Clone, Args)]
pub(crate) struct Why {
    /// Why, 1 to 200 characters; it stands with the token
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
}

/// Orders to single tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Assign to a user; failures are forgotten, a disabled token stays disabled
    Assign {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        to: To,
    },
    /// Take back from the user; the token is ready for another
    Unassign(Which),
    /// Believe its codes no more for now; refused for a user's last active token
    Disable(Which),
    /// Believe its codes again
    Enable(Which),
    /// Devalue tokens for good; asks first
    Compromise {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        why: Why,
    },
    /// Let codes be tried again after too many wrong ones
    Unlock(Which),
}

/// Carries out an order on each token; the first failure is told, the tokens behind it are still tried.
pub(super) fn run(context: &Context, act: Act) -> Result<(), Failure> {
    match act {
        Act::Assign { which, to } => each(context, &which, "assign", &to.body(&context.client)?),
        Act::Unassign(which) => each(context, &which, "unassign", &NoArguments {}),
        Act::Disable(which) => each(context, &which, "disable", &NoArguments {}),
        Act::Enable(which) => each(context, &which, "enable", &NoArguments {}),
        Act::Compromise { which, why } => {
            which.several().confirm(context, "Compromise", "for good")?;
            each(context, &which, "compromise", &Compromise { reason: why.reason })
        }
        Act::Unlock(which) => each(context, &which, "unlock", &NoArguments {}),
    }
}

impl Which {
    fn several(&self) -> Several<'_> {
        Several {
            named: &self.tokens,
            if_match: self.if_match,
        }
    }
}

fn each(context: &Context, which: &Which, verb: &str, body: &impl Serialize) -> Result<(), Failure> {
    let client = &context.client;
    which.several().each(
        context,
        |named| find::token(client, named),
        |id| Ok(client.command_otp_token(id, verb, body, which.if_match)?),
    )
}
