//! Asking for a second person's agreement, and using it up.

use claviger_domain::{
    ApprovalId, SecurityKeyId,
    approval::{Approval, Kind},
    text::Reason,
};
use claviger_store::{Tx, approvals, security_keys};
use uuid::Uuid;

use super::{Named, changed, party, refused};
use crate::{Failure, actions::security_keys::label, auth::Caller, ports, rest::guard::InventoryRead};

/// What somebody asks a second person for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub kind: Kind,
    /// Which key.
    pub key: SecurityKeyId,
    /// Why.
    pub reason: Reason,
}

/// Asks for a second person's agreement.
///
/// # Errors
/// [`Failure::Lacks`] when the caller may not do it even with one; [`Failure::Validation`] when there is no such key.
pub async fn ask(caller: &Caller<InventoryRead>, draft: Draft) -> Result<Named, Failure> {
    caller.require(draft.kind.privilege())?;
    let identity = caller.identity().clone();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let key = security_keys::get(tx, tenant, draft.key).await?;
        let key = key.ok_or_else(|| Failure::invalid("/security_key_id", "there is no such key"))?;
        let asked = Approval::ask(
            ApprovalId::from_uuid(ports::new_id()),
            draft.kind,
            draft.key,
            party(tx, &identity).await?,
            draft.reason.clone(),
            tx.now(),
        );
        approvals::insert(tx, &asked).await?;
        changed(tx, "approval.requested", &asked, Some(label(&key)));
        Ok(Named::new(asked, Some(&key), tx.now()))
    };
    caller.write(job).await
}

/// Uses an agreement up, in the transaction of what it was given for; answers it as used.
///
/// # Errors
/// [`Failure::Validation`] when there is none such; [`Failure::Refused`] when it does not serve.
pub(crate) async fn carry_out(
    tx: &mut Tx,
    id: ApprovalId,
    kind: Kind,
    key: SecurityKeyId,
    by: Uuid,
) -> Result<Approval, Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let found = approvals::get(tx, tenant, id).await?;
    let found = found.ok_or_else(|| Failure::invalid("/approval_id", "there is no such approval"))?;
    let used = found
        .carry_out(kind, key, by, now)
        .map_err(|refusal| refused(&found, "use", refusal, now))?;
    approvals::save(tx, &used).await?;
    Ok(used)
}
