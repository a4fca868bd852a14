//! That a second person approves admin PINs is switched off only when a second person agrees: otherwise whoever may
//! change settings would see them alone.

use claviger_domain::{
    ApprovalId, Privilege, PrivilegeSet, TenantId,
    approval::{Kind, State},
};
use claviger_store::{
    Reader, Tx,
    administrators::{self, grants},
    audit::AuditEntry,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Failure,
    actions::approvals,
    auth::{Identity, roles},
};

/// The command's name in refusals.
const SWITCH_OFF: &str = "second_person_off";

/// Uses the agreement up, and says aloud that the protection is gone.
pub(super) async fn agree(tx: &mut Tx, who: &Identity, approval: Option<Uuid>) -> Result<(), Failure> {
    let Some(id) = approval else {
        return Err(Failure::refused("approval_needed", SWITCH_OFF, remedy(tx, who).await?));
    };
    let id = ApprovalId::from_uuid(id);
    let used = approvals::carry_out(tx, id, Kind::AdminPinAlone, approvals::NO_KEY, who.caller_id()).await?;
    let agreed_by = match &used.state {
        State::Used { answer, .. } => Some(answer.by.person.as_str()),
        State::Pending | State::Approved(_) | State::Declined(_) => None,
    };
    tx.record(AuditEntry {
        action: "settings.second_person_off",
        object_kind: "settings",
        object_id: Some(tx.tenant().as_uuid()),
        object_label: Some("settings".to_owned()),
        after: Some(json!({
            "approval": id.as_uuid(),
            "requested_by": used.requested_by.person,
            "answered_by": agreed_by,
        })),
        reason: Some(used.reason.as_str().to_owned()),
        ..AuditEntry::default()
    });
    Ok(())
}

/// What to do about it, in a tenant of several or of one.
async fn remedy(tx: &mut Tx, who: &Identity) -> Result<&'static str, Failure> {
    let person = approvals::party(tx, who).await?.person;
    Ok(if others(tx, who.tenant, &person).await? {
        "Admin PINs are shown to one person alone only when a second person agrees; ask another administrator who may \
         change settings."
    } else {
        "Admin PINs are shown to one person alone only when a second person agrees, and nobody else here may change \
         settings; invite a second administrator who may, and ask him."
    })
}

/// Whether anybody but this person could agree: an administrator who is not barred, and not the same user.
async fn others(reader: &mut Reader, tenant: TenantId, person: &str) -> Result<bool, Failure> {
    let needed = PrivilegeSet::of(&[Privilege::SettingsWrite, Privilege::InventoryRead]);
    let own = administrators::by_email(reader, person).await?.map(|one| one.id);
    let all = grants::in_tenant(reader, tenant).await?;
    let user = all.iter().find(|grant| Some(grant.administrator) == own);
    let user = user.and_then(|grant| grant.user);
    for grant in &all {
        let same = Some(grant.administrator) == own || (user.is_some() && grant.user == user);
        if same || grant.disabled_at.is_some() {
            continue;
        }
        if roles::privileges(reader, tenant, &grant.role).await?.covers(needed) {
            return Ok(true);
        }
    }
    Ok(false)
}
