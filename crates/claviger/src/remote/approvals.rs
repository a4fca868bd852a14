//! `claviger approvals`.

use clap::Subcommand;
use claviger_api::{Approval, ApprovalDraft, ApprovalKind, ApprovalStatus};
use uuid::Uuid;

use super::{
    Context, keys,
    listing::{self, Amount},
    shown::wire,
    words::{self, named},
};
use crate::{
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger approvals request 0012345678 --for admin-pin --reason \"Locked out, ticket 4711\"
  claviger approvals list --status pending
  claviger keys initial-pin 0012345678 --show admin-pin --approval 0198c5a0-0000-7000-8000-000000000000
Another person answers within 15 minutes; what he agreed to is then done once, within 15 minutes.";

/// A second person's agreement.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Approvals {
    /// List requests, newest first
    List {
        /// Only those that stand like this
        #[arg(long, value_name = "STATUS", value_parser = named::<ApprovalStatus>(&["pending", "approved", "declined", "used", "expired"]))]
        status: Option<ApprovalStatus>,
        #[command(flatten)]
        amount: Amount,
    },
    /// Show one request
    Show {
        /// Id of the request
        #[arg(value_parser = words::id)]
        id: Uuid,
    },
    /// Ask for a second person's agreement
    Request {
        /// Serial number or id of the key; left out for `admin-pin-alone`
        key: Option<String>,
        /// To what: that its admin PIN is shown, that it comes back although it was stolen or compromised, or that no second person approves admin PINs any more
        #[arg(long = "for", value_name = "WHAT", value_parser = named::<ApprovalKind>(&["admin-pin", "reinstate", "admin-pin-alone"]))]
        kind: ApprovalKind,
        /// Why, 1 to 200 characters; the second person reads it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Agree; a person does this signed in to the console, and servers refuse API tokens
    Approve(Answer),
    /// Disagree; like `approve`
    Decline(Answer),
}

/// Which request is answered.
#[derive(Debug, clap::Args)]
pub(crate) struct Answer {
    /// Id of the request
    #[arg(value_parser = words::id)]
    id: Uuid,
    /// Only if the request still has this revision
    #[arg(long, value_name = "REVISION")]
    if_match: Option<i64>,
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Approvals) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Approvals::List { status, amount } => {
            let query = status.map(|status| ("status".to_owned(), wire(&status)));
            listing::show(context, amount, &query.into_iter().collect(), |query| {
                client.approvals(query)
            })
        }
        Approvals::Show { id } => context.output.one(&client.approval(id)?),
        Approvals::Request { key, kind, reason } => {
            let draft = ApprovalDraft {
                kind,
                security_key_id: key.map(|key| keys::key(client, &key)).transpose()?,
                reason,
            };
            context.output.one(&client.ask_approval(&draft)?)
        }
        Approvals::Approve(answer) => answered(context, &answer, "approve"),
        Approvals::Decline(answer) => answered(context, &answer, "decline"),
    }
}

fn answered(context: &Context, answer: &Answer, verb: &str) -> Result<(), Failure> {
    let given = context.client.answer_approval(answer.id, verb, answer.if_match)?;
    context.output.one(&given)
}

impl Record for Approval {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("Id", "id", |one| one.id.to_string()),
        Column::listed("For", "kind", |one| wire(&one.kind)),
        Column::listed("Status", "status", |one| wire(&one.status)),
        Column::listed("Key", "serial_number", |one| {
            let key = one.security_key.as_ref();
            key.and_then(|key| key.serial_number.clone()).unwrap_or_default()
        }),
        Column::listed("Asked by", "requested_by", |one| one.requested_by.person.clone()),
        Column::listed("Reason", "reason", |one| one.reason.clone()),
        Column::listed("Expires", "expires_at", |one| one.expires_at.to_string()),
        Column::further("Answered by", "answered_by", |one| {
            one.answered_by
                .as_ref()
                .map(|party| party.person.clone())
                .unwrap_or_default()
        }),
        Column::further("Answered", "answered_at", |one| {
            one.answered_at.map(|at| at.to_string()).unwrap_or_default()
        }),
        Column::further("Asked", "created_at", |one| one.created_at.to_string()),
        Column::further("Key id", "security_key_id", |one| {
            one.security_key
                .as_ref()
                .map(|key| key.id.to_string())
                .unwrap_or_default()
        }),
        Column::further("Revision", "revision", |one| one.revision.to_string()),
    ];
}
