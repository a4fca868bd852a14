//! A revoked key comes back in a new generation, with nothing left of its old secrets.

use claviger_domain::{
    AdministratorId, ApprovalId, SecurityKeyId,
    approval::{Kind, State},
    role::Standing,
    security_key::{Approval, Command, ReinstateOrder, Reinstatement},
};
use claviger_store::Tx;
use serde_json::json;
use uuid::Uuid;

use super::{
    Shown,
    obey::{self, Said},
    order::past_tense,
    show,
};
use crate::{
    Failure,
    actions::approvals,
    auth::{Caller, roles},
    rest::guard::KeyReinstate,
};

/// Brings a revoked key back into stock, in the next generation. Whoever asks for a key that was stolen or compromised
/// brings a second person's agreement.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] with the domain's reason, or that of the agreement.
pub async fn reinstate(
    caller: &Caller<KeyReinstate>,
    id: SecurityKeyId,
    approval: Option<ApprovalId>,
) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let by = caller.identity().caller_id();
    let job = async move |tx: &mut Tx| {
        let before = obey::load(tx, id, expected).await?;
        let tenant = tx.tenant();
        let standing = match before.holder() {
            Some(holder) => roles::standing(tx, tenant, privileges, holder.user).await?,
            None => Standing::NotAbove,
        };
        let command = Command::Reinstate(ReinstateOrder {
            into: Reinstatement::InStock,
            standing,
            approval: agreement(tx, approval, id, by).await?,
        });
        let after = before.apply(&command, tx.now())?;
        let more = json!({ "generation": after.generation().get(), "approval": approval.map(|id| id.as_uuid()) });
        let said = Said::new(past_tense(command.verb())).with(more);
        obey::keep_changed(tx, &before, &after, said).await?;
        show::shown(tx, after, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

async fn agreement(
    tx: &mut Tx,
    approval: Option<ApprovalId>,
    key: SecurityKeyId,
    by: Uuid,
) -> Result<Approval, Failure> {
    let Some(id) = approval else { return Ok(Approval::None) };
    let used = approvals::carry_out(tx, id, Kind::Reinstate, key, by).await?;
    let State::Used { answer, .. } = used.state else {
        return Ok(Approval::None);
    };
    Ok(Approval::Given {
        asked_by: AdministratorId::from_uuid(used.requested_by.id),
        approved_by: AdministratorId::from_uuid(answer.by.id),
    })
}
