//! Changes an administrator's role, bars him, or lets him in again.

use claviger_api::AdministratorChange;
use claviger_domain::{AdministratorId, BuiltInRole, Revision};
use claviger_store::{
    Tx,
    administrators::{self, Administrator, grants},
    sessions,
};
use serde_json::json;

use super::{Member, list};
use crate::{
    Failure,
    actions::entries::{Object, changed},
    auth::{Caller, roles},
    rest::guard::AdministratorWrite,
};

/// Changes an administrator of the tenant. Whoever is barred loses his sessions at once.
///
/// # Errors
/// [`Failure::Refused`] for the last Owner; [`Failure::Forbidden`] for somebody who may do more than the caller.
pub async fn update(
    caller: &Caller<AdministratorWrite>,
    id: AdministratorId,
    change: AdministratorChange,
) -> Result<Member, Failure> {
    let role = change
        .role
        .as_deref()
        .map(|role| roles::to_hand_out(caller.identity(), role))
        .transpose()?;
    if role.is_some_and(BuiltInRole::is_for_programs) {
        return Err(Failure::invalid(
            "/role",
            "this role is for programs; make an API token",
        ));
    }
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let disabled = change.disabled;
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let before = list::member(tx, tenant, id).await?;
        expected.check(Revision::new(before.who.revision))?;
        if !privileges.covers(roles::privileges(&before.grant.role)) {
            return Err(Failure::Forbidden("Nobody acts on one who may do more than himself."));
        }
        let leaves = disabled == Some(true) || role.is_some_and(|role| role != BuiltInRole::Owner);
        if leaves {
            keep_an_owner(tx, &before).await?;
        }
        if let Some(role) = role {
            grants::change(tx, &before.grant, role.as_str()).await?;
        }
        apply(tx, before.who.clone(), disabled).await?;
        let after = list::member(tx, tenant, id).await?;
        let object = Object {
            kind: "administrator",
            id: id.as_uuid(),
            label: &after.who.email,
            revision: after.who.revision,
        };
        changed(tx, action(disabled), &object, Some(said(&before)), Some(said(&after)));
        Ok(after)
    };
    // All changes of a tenant's administrators stand in one line, or two Owners could bar each other at once.
    let after = caller.write(job).await?;
    caller.app().identities().forget_all();
    Ok(after)
}

async fn apply(tx: &mut Tx, who: Administrator, disabled: Option<bool>) -> Result<(), Failure> {
    let disabled_at = match disabled {
        Some(true) => Some(who.disabled_at.unwrap_or(tx.now())),
        Some(false) => None,
        None => who.disabled_at,
    };
    if disabled_at.is_some() {
        sessions::delete_others(tx, who.id, None).await?;
    }
    administrators::save(tx, &Administrator { disabled_at, ..who }).await?;
    Ok(())
}

async fn keep_an_owner(tx: &mut Tx, leaving: &Member) -> Result<(), Failure> {
    let owner = BuiltInRole::Owner.as_str();
    if leaving.grant.role != owner {
        return Ok(());
    }
    let tenant = tx.tenant();
    let others = list::members(tx, tenant).await?;
    let left = others
        .iter()
        .any(|one| one.grant.role == owner && one.who.disabled_at.is_none() && one.who.id != leaving.who.id);
    if left {
        return Ok(());
    }
    Err(Failure::refused(
        "last_owner",
        "change",
        "This is the last Owner. Make another administrator Owner first.",
    ))
}

fn action(disabled: Option<bool>) -> &'static str {
    match disabled {
        Some(true) => "administrator.disabled",
        Some(false) => "administrator.enabled",
        None => "administrator.role_changed",
    }
}

fn said(member: &Member) -> serde_json::Value {
    json!({ "role": member.grant.role, "disabled": member.who.disabled_at.is_some() })
}
