//! Somebody takes note of what the first page shows until then.

use claviger_api::Acknowledged;
use claviger_domain::{AdministratorId, Timestamp};
use claviger_store::{Tx, api_tokens, audit::AuditEntry, break_glass};
use serde_json::json;

use crate::{
    Failure,
    auth::{Caller, Who},
    rest::guard::AuditRead,
};

/// Takes note of the sign-ins of Owners beside the identity provider, up to the newest that was seen. Nobody takes note
/// of his own, nor does a program that he made.
///
/// # Errors
/// [`Failure::Refused`] when there is none but the caller's own.
pub async fn acknowledge_break_glass(caller: &Caller<AuditRead>, until: Timestamp) -> Result<Acknowledged, Failure> {
    let who = caller.identity().who.clone();
    let job = async move |tx: &mut Tx| {
        let by = person(tx, &who).await?;
        let count = break_glass::acknowledge(tx, until, by.map(|id| id.as_uuid())).await?;
        if count == 0 {
            return Err(Failure::refused(
                "acknowledged",
                "acknowledge",
                "There is no sign-in of another Owner to take note of.",
            ));
        }
        tx.record(AuditEntry {
            action: "session.break_glass_acknowledged",
            object_kind: "tenant",
            object_id: Some(tx.tenant().as_uuid()),
            after: Some(json!({ "count": count, "until": until.as_micros() })),
            ..AuditEntry::default()
        });
        Ok(Acknowledged { count })
    };
    caller.write_on(caller.tenant().as_uuid(), job).await
}

/// The person who asks, also by way of a program.
async fn person(tx: &mut Tx, who: &Who) -> Result<Option<AdministratorId>, Failure> {
    let tenant = tx.tenant();
    Ok(match who {
        Who::Administrator(signed_in) => Some(signed_in.id),
        Who::ApiToken { id, .. } => {
            let token = api_tokens::get(tx, tenant, *id).await?;
            token.and_then(|token| token.created_by_id)
        }
        Who::System(_) => None,
    })
}
