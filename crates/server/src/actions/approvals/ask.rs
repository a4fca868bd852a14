//! Asking for a second person's agreement, and using it up.

use claviger_domain::{
    ApprovalId, SecurityKeyId,
    approval::{Approval, Kind},
    security_key::SecurityKey,
    text::Reason,
};
use claviger_store::{Tx, approvals, security_keys};
use uuid::Uuid;

use super::{Named, changed, party, refused};
use crate::{Failure, actions::security_keys::label, auth::Caller, ports, rest::guard::InventoryRead};

/// Stands where a key's id stands, for what is about the whole tenant.
pub(crate) const NO_KEY: SecurityKeyId = SecurityKeyId::from_uuid(Uuid::nil());

/// What somebody asks a second person for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub kind: Kind,
    /// Which key, where it is about one.
    pub key: Option<SecurityKeyId>,
    /// Why.
    pub reason: Reason,
}

/// Asks for a second person's agreement.
///
/// # Errors
/// [`Failure::Lacks`] when the caller may not do it even with one; [`Failure::Validation`] when there is no such key, or
/// one is named where none is wanted.
pub async fn ask(caller: &Caller<InventoryRead>, draft: Draft) -> Result<Named, Failure> {
    caller.require(draft.kind.privilege())?;
    let identity = caller.identity().clone();
    let job = async move |tx: &mut Tx| {
        let key = asked_about(tx, &draft).await?;
        let asked = Approval::ask(
            ApprovalId::from_uuid(ports::new_id()),
            draft.kind,
            key.as_ref().map_or(NO_KEY, SecurityKey::id),
            party(tx, &identity).await?,
            draft.reason.clone(),
            tx.now(),
        );
        approvals::insert(tx, &asked).await?;
        changed(tx, "approval.requested", &asked, key.as_ref().map(label));
        Ok(Named::new(asked, key.as_ref(), tx.now()))
    };
    caller.write(job).await
}

async fn asked_about(tx: &mut Tx, draft: &Draft) -> Result<Option<SecurityKey>, Failure> {
    let fault = |why: &str| Failure::invalid("/security_key_id", why);
    let (tenant, id) = match (draft.kind.is_about_a_key(), draft.key) {
        (true, Some(id)) => (tx.tenant(), id),
        (true, None) => return Err(fault("say which key this is about")),
        (false, Some(_)) => return Err(fault("this is about the whole tenant; leave the key out")),
        (false, None) => return Ok(None),
    };
    let key = security_keys::get(tx, tenant, id).await?;
    key.map(Some).ok_or_else(|| fault("there is no such key"))
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
