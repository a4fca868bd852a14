//! Roles by name, and who may hand out which.

use std::collections::{BTreeSet, HashMap};

use claviger_domain::{BuiltInRole, PrivilegeSet, Role, TenantId, UserId, role::Standing};
use claviger_store::{Error, Reader, administrators::grants, roles};

use crate::Failure;

/// The refusal of every act on a role, an administrator or a token that may do more than the operator.
pub(crate) const ABOVE: Failure = Failure::Forbidden("Nobody acts on one who may do more than himself.");

/// The role of that name in a tenant.
///
/// # Errors
/// What the store meets.
pub async fn find(reader: &mut Reader, tenant: TenantId, name: &str) -> Result<Option<Role>, Error> {
    if let Some(role) = BuiltInRole::parse(name) {
        return Ok(Some(Role::BuiltIn(role)));
    }
    Ok(roles::by_name(reader, tenant, name).await?.map(Role::Custom))
}

/// What a role allows; a name that nobody knows allows nothing.
///
/// # Errors
/// What the store meets.
pub async fn privileges(reader: &mut Reader, tenant: TenantId, name: &str) -> Result<PrivilegeSet, Error> {
    let role = find(reader, tenant, name).await?;
    Ok(role.map_or(PrivilegeSet::EMPTY, |role| role.privileges()))
}

/// A role that `giver` may hand out: it exists, and allows nothing that he may not do himself.
///
/// # Errors
/// Says which of the two fails, the first at `pointer`.
pub async fn to_hand_out(
    reader: &mut Reader,
    tenant: TenantId,
    giver: PrivilegeSet,
    pointer: &str,
    name: &str,
) -> Result<Role, Failure> {
    let Some(role) = find(reader, tenant, name).await? else {
        let mut known: Vec<String> = BuiltInRole::ALL.iter().map(|role| role.as_str().to_owned()).collect();
        known.extend(
            roles::list(reader, tenant)
                .await?
                .iter()
                .map(|role| role.name().to_string()),
        );
        return Err(Failure::invalid(pointer, format!("choose one of {}", known.join(", "))));
    };
    if giver.covers(role.privileges()) {
        return Ok(role);
    }
    Err(Failure::Forbidden(
        "Nobody hands out a role that may do more than his own.",
    ))
}

/// As [`to_hand_out`], for a person: roles that are meant for programs are refused.
///
/// # Errors
/// As [`to_hand_out`].
pub async fn to_hand_to_a_person(
    reader: &mut Reader,
    tenant: TenantId,
    giver: PrivilegeSet,
    pointer: &str,
    name: &str,
) -> Result<Role, Failure> {
    let role = to_hand_out(reader, tenant, giver, pointer, name).await?;
    if role.is_for_programs() {
        return Err(Failure::invalid(
            pointer,
            "this role is for programs; make an API token",
        ));
    }
    Ok(role)
}

/// The users who are administrators with a role that allows what the operator may not do: nobody acts on those. Others
/// may do nothing that he may not.
///
/// # Errors
/// What the store meets.
pub async fn above(reader: &mut Reader, tenant: TenantId, operator: PrivilegeSet) -> Result<BTreeSet<UserId>, Error> {
    let (mut above, mut known) = (BTreeSet::new(), HashMap::new());
    if operator.covers(PrivilegeSet::all()) {
        return Ok(above);
    }
    for grant in grants::in_tenant(reader, tenant).await? {
        let Some(user) = grant.user.filter(|_| grant.disabled_at.is_none()) else {
            continue;
        };
        let theirs = match known.get(&grant.role) {
            Some(theirs) => *theirs,
            None => privileges(reader, tenant, &grant.role).await?,
        };
        known.insert(grant.role, theirs);
        if Standing::between(operator, theirs) == Standing::Above {
            above.insert(user);
        }
    }
    Ok(above)
}

/// How a user stands to the operator: an administrator who is that person may do what his role allows.
///
/// # Errors
/// What the store meets.
pub async fn standing(
    reader: &mut Reader,
    tenant: TenantId,
    operator: PrivilegeSet,
    user: UserId,
) -> Result<Standing, Error> {
    let mut standing = Standing::NotAbove;
    for grant in grants::of_user(reader, tenant, user).await? {
        let theirs = privileges(reader, tenant, &grant.role).await?;
        if grant.disabled_at.is_none() && Standing::between(operator, theirs) == Standing::Above {
            standing = Standing::Above;
        }
    }
    Ok(standing)
}
