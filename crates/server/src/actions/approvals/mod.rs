//! A second person's agreement: asking, answering, using it up.

mod answer;
mod ask;
mod list;

pub use answer::{approve, decline};
pub use ask::{Draft, ask};
pub(crate) use ask::{NO_KEY, carry_out};
pub use list::{Named, get, list};

use claviger_domain::{
    ApiTokenId,
    approval::{Approval, Party, Refusal},
};
use claviger_store::{Tx, api_tokens, audit::AuditEntry};
use serde_json::json;

use super::security_keys::sentence;
use crate::{
    Failure,
    auth::{Identity, Who},
};

/// Who calls, as a person: an API token works for whoever made it.
pub(crate) async fn party(tx: &mut Tx, identity: &Identity) -> Result<Party, Failure> {
    Ok(match &identity.who {
        Who::Administrator(signed_in) => Party {
            id: signed_in.id.as_uuid(),
            person: signed_in.email.clone(),
        },
        Who::ApiToken { id, .. } => Party {
            id: id.as_uuid(),
            person: maker(tx, *id).await?,
        },
        Who::System(part) => Party {
            id: identity.caller_id(),
            person: (*part).to_owned(),
        },
    })
}

async fn maker(tx: &mut Tx, id: ApiTokenId) -> Result<String, Failure> {
    let tenant = tx.tenant();
    let token = api_tokens::get(tx, tenant, id).await?;
    Ok(token.ok_or(Failure::NotFound)?.created_by)
}

fn refused(approval: &Approval, command: &str, refusal: Refusal, now: claviger_domain::Timestamp) -> Failure {
    Failure::refused(approval.status(now).as_str(), command, sentence(&refusal.to_string()))
}

/// Records what became of a request, and tells those who watch.
fn changed(tx: &mut Tx, action: &'static str, after: &Approval, label: Option<String>) {
    let (kind, id, label) = if after.kind.is_about_a_key() {
        ("security_key", after.security_key.as_uuid(), label)
    } else {
        ("settings", tx.tenant().as_uuid(), Some("settings".to_owned()))
    };
    tx.record(AuditEntry {
        action,
        object_kind: kind,
        object_id: Some(id),
        object_label: label,
        after: Some(json!({
            "approval": after.id.as_uuid(),
            "kind": after.kind.as_str(),
            "requested_by": after.requested_by.person,
            "answered_by": after.answer().map(|answer| answer.by.person.as_str()),
        })),
        reason: Some(after.reason.as_str().to_owned()),
        ..AuditEntry::default()
    });
    tx.notify(claviger_store::Change {
        kind: "approval",
        id: after.id.as_uuid(),
        revision: after.revision,
    });
}
