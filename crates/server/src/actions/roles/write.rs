//! Makes, changes and removes a tenant's own roles.

use claviger_api::RoleDraft;
use claviger_domain::{CustomRole, Privilege, PrivilegeSet, Role, RoleId, role::RoleRefusal, text::RoleName};
use claviger_store::{Tx, roles, tenants};
use serde_json::{Value, json};

use super::read::{Listed, listed};
use crate::{
    Failure,
    actions::{
        entries::{Object, changed},
        fields::Fields,
        sign_in::providers,
    },
    auth::{Caller, roles::find},
    ports,
    rest::guard::RoleWrite,
};

/// Makes a role that allows nothing that the caller may not do.
///
/// # Errors
/// [`Failure::Validation`], [`Failure::Duplicate`], or [`Failure::Forbidden`] for a greater role.
pub async fn create(caller: &Caller<RoleWrite>, draft: RoleDraft) -> Result<Listed, Failure> {
    let (name, privileges) = read(&draft)?;
    let (operator, id) = (caller.identity().privileges, RoleId::from_uuid(ports::new_id()));
    caller.proven_lately().to_hand_out(privileges)?;
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let role = CustomRole::make(operator, id, name.clone(), privileges, tx.now()).map_err(refused)?;
        roles::insert(tx, &role).await.map_err(taken)?;
        changed(tx, "role.created", &object(&role), None, Some(said(&role)));
        listed(tx, tenant, Role::Custom(role)).await
    };
    caller.write(job).await
}

/// Names a role anew and exchanges what it allows; whoever holds it holds the changed one.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] for a built-in role; [`Failure::Forbidden`] for one that allows, or is
/// to allow, what the caller may not do; [`Failure::Stale`], [`Failure::Duplicate`].
pub async fn update(caller: &Caller<RoleWrite>, name: String, draft: RoleDraft) -> Result<Listed, Failure> {
    let (new_name, privileges) = read(&draft)?;
    let (operator, expected) = (caller.identity().privileges, caller.expected());
    caller.proven_lately().to_hand_out(privileges)?;
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let before = load(tx, &name, "change").await?;
        expected.check(before.revision())?;
        let after = before
            .change(operator, new_name.clone(), privileges, tx.now())
            .map_err(refused)?;
        roles::save(tx, &before, &after).await.map_err(taken)?;
        providers::rename_role(tx, before.name().as_str(), after.name().as_str()).await?;
        changed(
            tx,
            "role.changed",
            &object(&after),
            Some(said(&before)),
            Some(said(&after)),
        );
        listed(tx, tenant, Role::Custom(after)).await
    };
    let after = caller.write(job).await?;
    caller.app().identities().forget_all();
    Ok(after)
}

/// Removes a role that nobody holds and that no group of the identity provider leads to.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] for a built-in role or one in use; [`Failure::Forbidden`].
pub async fn delete(caller: &Caller<RoleWrite>, name: String) -> Result<(), Failure> {
    let (operator, expected) = (caller.identity().privileges, caller.expected());
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let role = load(tx, &name, "delete").await?;
        expected.check(role.revision())?;
        let named = role.name().as_str();
        let mapped = u64::from(providers::leads_to(tx, tenant, named).await?);
        let holders = roles::holders(tx, tenant)
            .await?
            .get(named)
            .copied()
            .unwrap_or_default();
        role.remove(operator, holders.saturating_add(mapped)).map_err(refused)?;
        roles::delete(tx, &role).await?;
        changed(tx, "role.deleted", &object(&role), Some(said(&role)), None);
        Ok(())
    };
    caller.write(job).await
}

async fn load(tx: &mut Tx, name: &str, command: &str) -> Result<CustomRole, Failure> {
    let tenant = tx.tenant();
    match find(tx, tenant, name).await? {
        None => Err(Failure::NotFound),
        Some(Role::Custom(role)) => Ok(role),
        Some(Role::BuiltIn(_)) => Err(Failure::refused(
            "built_in",
            command,
            "Built-in roles stay as they are; make a role of your own beside them.",
        )),
    }
}

fn read(draft: &RoleDraft) -> Result<(RoleName, PrivilegeSet), Failure> {
    let mut fields = Fields::default();
    let name = fields.read("/name", RoleName::new(&draft.name));
    let mut privileges = PrivilegeSet::EMPTY;
    for (place, name) in draft.privileges.iter().enumerate() {
        let known = Privilege::parse(name).ok_or("there is no such privilege");
        if let Some(privilege) = fields.read(&format!("/privileges/{place}"), known) {
            privileges = privileges.with(privilege);
        }
    }
    fields.all(name.map(|name| (name, privileges)))
}

fn refused(refusal: RoleRefusal) -> Failure {
    match refusal {
        RoleRefusal::Reserved => Failure::invalid("/name", refusal.to_string()),
        RoleRefusal::Empty => Failure::invalid("/privileges", refusal.to_string()),
        RoleRefusal::AboveOperator => {
            Failure::Forbidden("Nobody makes, changes or removes a role that may do more than his own.")
        }
        RoleRefusal::InUse => Failure::refused(
            "in_use",
            "delete",
            "Administrators, API tokens or groups of the identity provider still lead to this role. Give them another first.",
        ),
    }
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("roles") {
        Failure::Duplicate("A role of this name exists already.".to_owned())
    } else {
        error.into()
    }
}

fn object(role: &CustomRole) -> Object<'_> {
    Object {
        kind: "role",
        id: role.id().as_uuid(),
        label: role.name().as_str(),
        revision: role.revision().get(),
    }
}

fn said(role: &CustomRole) -> Value {
    let privileges: Vec<&str> = role.privileges().iter().map(Privilege::as_str).collect();
    json!({ "name": role.name().as_str(), "privileges": privileges })
}
