//! Answering a request: only another person agrees, anybody concerned may decline.

use claviger_domain::{
    ApprovalId, PrivilegeSet, Timestamp,
    approval::{Approval, Party, Refusal, State},
};
use claviger_store::{
    Tx,
    administrators::{self, grants},
    approvals, security_keys,
};

use super::{Named, changed, party, refused};
use crate::{
    Failure,
    actions::security_keys::label,
    auth::{Caller, Identity},
    rest::guard::InventoryRead,
};

/// What is answered, and how it is called.
#[derive(Debug, Clone, Copy)]
struct Answer {
    command: &'static str,
    action: &'static str,
    decide: fn(&Approval, Party, Timestamp) -> Result<Approval, Refusal>,
}

/// Agrees to what somebody else asked for.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Lacks`] when the caller may not do it himself; [`Failure::Refused`] for his own
/// request, for an API token, and when it is too late; [`Failure::StepUpRequired`] for the sight of PINs.
pub async fn approve(caller: &Caller<InventoryRead>, id: ApprovalId) -> Result<Named, Failure> {
    let approve = Answer {
        command: "approve",
        action: "approval.approved",
        decide: Approval::approve,
    };
    answer(caller, id, approve).await
}

/// Declines a request.
///
/// # Errors
/// As [`approve`].
pub async fn decline(caller: &Caller<InventoryRead>, id: ApprovalId) -> Result<Named, Failure> {
    let decline = Answer {
        command: "decline",
        action: "approval.declined",
        decide: Approval::decline,
    };
    answer(caller, id, decline).await
}

async fn answer(caller: &Caller<InventoryRead>, id: ApprovalId, answer: Answer) -> Result<Named, Failure> {
    let (identity, expected) = (caller.identity().clone(), caller.expected());
    let proven = caller.proven_lately();
    let job = async move |tx: &mut Tx| {
        let (tenant, now) = (tx.tenant(), tx.now());
        let found = approvals::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
        if !identity.may(found.kind.privilege()) {
            return Err(Failure::Lacks(found.kind.privilege()));
        }
        expected.check(claviger_domain::Revision::new(found.revision))?;
        if identity.signed_in().is_none() {
            let detail = "A program is no second person; sign in to answer.";
            return Err(Failure::refused(found.status(now).as_str(), answer.command, detail));
        }
        let by = party(tx, &identity).await?;
        let answered = (answer.decide)(&found, by, now);
        let answered = answered.map_err(|refusal| refused(&found, answer.command, refusal, now))?;
        if matches!(answered.state, State::Approved(_)) {
            if is_same_person(tx, &found, &identity).await? {
                return Err(refused(&found, answer.command, Refusal::OwnRequest, now));
            }
            if found.kind.is_about_a_key() {
                proven.to_hand_out(PrivilegeSet::of(&[found.kind.privilege()]))?;
            } else {
                proven.to_lower_a_guard()?;
            }
        }
        approvals::save(tx, &answered).await?;
        let answered = Approval {
            revision: answered.revision.saturating_add(1),
            ..answered
        };
        let key = security_keys::get(tx, tenant, answered.security_key).await?;
        changed(tx, answer.action, &answered, key.as_ref().map(label));
        Ok(Named::new(answered, key.as_ref(), now))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Whether whoever asked and whoever answers are one user under two addresses.
async fn is_same_person(tx: &mut Tx, asked: &Approval, answers: &Identity) -> Result<bool, Failure> {
    let tenant = tx.tenant();
    let Some(person) = answers.signed_in().and_then(|who| who.user) else {
        return Ok(false);
    };
    let Some(who) = administrators::by_email(tx, &asked.requested_by.person).await? else {
        return Ok(false);
    };
    let grant = grants::get(tx, tenant, who.id).await?;
    Ok(grant.and_then(|grant| grant.user) == Some(person))
}
