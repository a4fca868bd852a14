//! Changes an administrator: role, bar, and which user is the same person.

use claviger_api::AdministratorChange;
use claviger_domain::{AdministratorId, BuiltInRole, PrivilegeSet, Revision, Role, UserId};
use claviger_store::{
    Tx,
    administrators::grants::{self, Grant},
    sessions, tenants, users,
};
use serde_json::json;

use super::{Member, list, owners};
use crate::{
    Failure,
    actions::entries::{Object, changed},
    auth::{Caller, roles},
    rest::guard::AdministratorWrite,
};

/// Changes an administrator of the tenant. Whoever is barred loses his sessions in it at once: on this server with the
/// commit, on others within the second for which an identity is believed.
///
/// # Errors
/// [`Failure::Refused`] for the last Owner; [`Failure::Forbidden`] for somebody who may do more than the caller, and for
/// a tie of one's own that stands already.
pub async fn update(
    caller: &Caller<AdministratorWrite>,
    id: AdministratorId,
    change: AdministratorChange,
) -> Result<Member, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let proven = caller.proven_lately();
    // Whose an API token is cannot be told, so a program is taken for the person himself.
    let own = caller.identity().signed_in().is_none_or(|me| me.id == id);
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let before = list::member(tx, tenant, id).await?;
        expected.check(Revision::new(before.grant.revision))?;
        below(tx, privileges, &before.grant).await?;
        let role = match change.role.as_deref() {
            Some(role) => Some(roles::to_hand_to_a_person(tx, tenant, privileges, "/role", role).await?),
            None => None,
        };
        if let Some(role) = role.as_ref().filter(|role| role.name() != before.grant.role) {
            proven.to_hand_out(role.privileges())?;
        }
        if change.disabled == Some(true) || role.as_ref().is_some_and(|role| !is_owner(role)) {
            owners::keep_one(tx, &before.grant).await?;
        }
        let user = tie(tx, &before.grant, change.user_id, own).await?;
        let grant = Grant {
            role: role.map_or_else(|| before.grant.role.clone(), |role| role.name().to_owned()),
            disabled_at: match change.disabled {
                Some(true) => Some(before.grant.disabled_at.unwrap_or(tx.now())),
                Some(false) => None,
                None => before.grant.disabled_at,
            },
            user,
            ..before.grant.clone()
        };
        grants::save(tx, &grant).await?;
        if grant.disabled_at.is_some() {
            sessions::delete_in_tenant(tx, id, tenant).await?;
        }
        let after = list::member(tx, tenant, id).await?;
        changed(
            tx,
            action(&change),
            &object(&after),
            Some(said(&before)),
            Some(said(&after)),
        );
        Ok(after)
    };
    let after = caller.write(job).await?;
    caller.app().identities().forget_all();
    Ok(after)
}

/// Refuses to act on one who may do more than the caller.
pub(super) async fn below(tx: &mut Tx, privileges: PrivilegeSet, grant: &Grant) -> Result<(), Failure> {
    if privileges.covers(roles::privileges(tx, grant.tenant, &grant.role).await?) {
        Ok(())
    } else {
        Err(roles::ABOVE)
    }
}

/// An administrator in the log and on the events stream.
pub(super) fn object(member: &Member) -> Object<'_> {
    Object {
        kind: "administrator",
        id: member.who.id.as_uuid(),
        label: &member.who.email,
        revision: member.grant.revision,
    }
}

fn is_owner(role: &Role) -> bool {
    *role == Role::BuiltIn(BuiltInRole::Owner)
}

/// Who could untie himself could approve his own requests.
#[expect(clippy::option_option, reason = "left out, `null` and a value are three things")]
async fn tie(
    tx: &mut Tx,
    before: &Grant,
    wanted: Option<Option<uuid::Uuid>>,
    own: bool,
) -> Result<Option<UserId>, Failure> {
    let Some(wanted) = wanted.map(|user| user.map(UserId::from_uuid)) else {
        return Ok(before.user);
    };
    if own && before.user.is_some() && wanted != before.user {
        return Err(Failure::Forbidden(
            "Somebody else has to say that you are another user, signed in himself.",
        ));
    }
    if let Some(user) = wanted
        && users::get(tx, before.tenant, user).await?.is_none()
    {
        return Err(Failure::invalid("/user_id", "there is no such user"));
    }
    Ok(wanted)
}

const fn action(change: &AdministratorChange) -> &'static str {
    match change {
        AdministratorChange {
            disabled: Some(true), ..
        } => "administrator.disabled",
        AdministratorChange {
            disabled: Some(false), ..
        } => "administrator.enabled",
        AdministratorChange { role: None, .. } => "administrator.tied",
        AdministratorChange { .. } => "administrator.role_changed",
    }
}

fn said(member: &Member) -> serde_json::Value {
    json!({
        "role": member.grant.role,
        "disabled": member.grant.disabled_at.is_some(),
        "user": member.user.as_ref().map(|user| user.user_name().as_str()),
    })
}
