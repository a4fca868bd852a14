//! Commands on single keys: one request each, in the order given.

use clap::{Args, Subcommand};
use claviger_api::{ConfirmRemoved, Enroll, NoArguments};
use serde_json::Value;

use super::{Context, find, observation::Look, orders};
use crate::{exit::Exit, failure::Failure, remote::several::Several};

/// The keys that a command is for.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    /// Serial numbers or ids
    #[arg(required = true, value_name = "KEY")]
    keys: Vec<String>,
    /// Only if the key still has this revision, as `keys show` tells it; for a single key
    #[arg(long, value_name = "REVISION")]
    if_match: Option<i64>,
}

/// Commands on single keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Link a policy: the keys become ready
    LinkPolicy {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        link: orders::Link,
    },
    /// Unlink the policy: the keys are in stock again
    UnlinkPolicy(Which),
    /// Assign to a user
    Assign {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        to: orders::To,
    },
    /// Take back from the user; refused while credentials are registered
    Unassign(Which),
    /// Put aside, with a reason
    Quarantine {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        aside: orders::Aside,
    },
    /// Put quarantined keys back in stock
    Release {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        back: orders::Back,
    },
    /// Pause: verification is refused meanwhile
    Suspend(Which),
    /// End a pause
    Resume(Which),
    /// End keys for good; asks first
    Revoke {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        end: orders::End,
    },
    /// Bring revoked keys back into stock, in a new generation, once their reset was seen
    Reinstate {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        agreed: orders::Agreed,
    },
    /// Let the initial PIN be shown for longer
    ExtendInitialPin {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        longer: orders::Longer,
    },
    /// Note that a credential was registered and confirmed; for programs
    Enroll {
        #[command(flatten)]
        which: Which,
        /// Where: the identity provider; this server's own relying party when left out
        #[arg(long, value_name = "NAME")]
        identity_provider: Option<String>,
    },
    /// Report what a workstation saw on a key; for programs
    #[command(after_help = super::observation::EXAMPLES)]
    Observe {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        look: Box<Look>,
    },
    /// Try the mail about a revocation again
    RetryMail(Which),
    /// Try again to have the credential removed at the identity provider
    RetryRemoval(Which),
    /// Note that the credential was removed at the identity provider by hand
    ConfirmRemoved {
        #[command(flatten)]
        which: Which,
        /// How it was removed and by whom
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// Record keys as destroyed or wiped and shred their secrets; asks first
    Dispose(Which),
    /// Delete keys from stock; asks first
    Delete(Which),
}

/// Carries out a command on each key; the first failure is told, the keys behind it are still tried.
pub(crate) fn run(context: &Context, act: Act) -> Result<(), Failure> {
    let client = &context.client;
    match act {
        Act::LinkPolicy { which, link } => each(context, &which, "link-policy", &value(&link.body(client)?)?),
        Act::UnlinkPolicy(which) => plain(context, &which, "unlink-policy"),
        Act::Assign { which, to } => each(context, &which, "assign", &value(&to.body(client)?)?),
        Act::Unassign(which) => plain(context, &which, "unassign"),
        Act::Quarantine { which, aside } => each(context, &which, "quarantine", &value(&aside.body())?),
        Act::Release { which, back } => each(context, &which, "release", &value(&back.body())?),
        Act::Suspend(which) => plain(context, &which, "suspend"),
        Act::Resume(which) => plain(context, &which, "resume"),
        Act::Revoke { which, end } => {
            ask(context, &which, "Revoke", "for good")?;
            each(context, &which, "revoke", &value(&end.body())?)
        }
        Act::Reinstate { which, agreed } => each(context, &which, "reinstate", &value(&agreed.body())?),
        Act::ExtendInitialPin { which, longer } => each(context, &which, "initial-pin/extend", &value(&longer.body())?),
        Act::Enroll {
            which,
            identity_provider,
        } => each(context, &which, "enroll", &value(&Enroll { identity_provider })?),
        Act::Observe { which, look } => each(context, &which, "observations", &value(&look.body()?)?),
        Act::RetryMail(which) => plain(context, &which, "mail/retry"),
        Act::RetryRemoval(which) => plain(context, &which, "identity-provider/retry"),
        Act::ConfirmRemoved { which, note } => each(
            context,
            &which,
            "identity-provider/confirm-removed",
            &value(&ConfirmRemoved { note })?,
        ),
        Act::Dispose(which) => {
            ask(context, &which, "Dispose of", "and shred all secrets")?;
            plain(context, &which, "dispose")
        }
        Act::Delete(which) => {
            ask(context, &which, "Delete", "from stock")?;
            delete(context, &which)
        }
    }
}

impl Which {
    fn several(&self) -> Several<'_> {
        Several {
            named: &self.keys,
            if_match: self.if_match,
        }
    }
}

fn ask(context: &Context, which: &Which, verb: &str, how: &str) -> Result<(), Failure> {
    which.several().confirm(context, verb, how)
}

fn plain(context: &Context, which: &Which, verb: &str) -> Result<(), Failure> {
    each(context, which, verb, &value(&NoArguments {})?)
}

fn each(context: &Context, which: &Which, verb: &str, body: &Value) -> Result<(), Failure> {
    let client = &context.client;
    which.several().each(
        context,
        |named| find::key(client, named),
        |id| Ok(client.command_security_key(id, verb, body, which.if_match)?),
    )
}

fn delete(context: &Context, which: &Which) -> Result<(), Failure> {
    let client = &context.client;
    which.several().tried(
        |named| find::key(client, named),
        |id| {
            client.delete_security_key(id, which.if_match)?;
            context.output.note("Device successfully deleted from stock.");
            Ok(())
        },
    )
}

fn value(body: &impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(body).map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))
}
