//! The last Owner stays: somebody must be able to put everything right, even while the identity provider is down.

use claviger_domain::{AdministratorId, BuiltInRole, TenantId};
use claviger_store::{Reader, Tx, administrators, administrators::grants, passkeys};

use crate::Failure;

/// Whether the tenant has an Owner besides this administrator who is not barred and signs in by means of his own.
///
/// # Errors
/// What the store meets.
pub(crate) async fn another(reader: &mut Reader, tenant: TenantId, but: AdministratorId) -> Result<bool, Failure> {
    for grant in grants::in_tenant(reader, tenant).await? {
        let counts = grant.role == BuiltInRole::Owner.as_str() && grant.disabled_at.is_none();
        if counts && grant.administrator != but && signs_in_alone(reader, grant.administrator).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there is one Owner alone who can sign in; two or more are advised.
///
/// # Errors
/// What the store meets.
pub(crate) async fn is_alone(reader: &mut Reader, tenant: TenantId) -> Result<bool, Failure> {
    let mut found = 0_usize;
    for grant in grants::in_tenant(reader, tenant).await? {
        let counts = grant.role == BuiltInRole::Owner.as_str() && grant.disabled_at.is_none();
        if counts && signs_in_alone(reader, grant.administrator).await? {
            found += 1;
            if found > 1 {
                return Ok(false);
            }
        }
    }
    Ok(found == 1)
}

/// Refuses to take the Owner's role from the last one.
///
/// # Errors
/// [`Failure::Refused`].
pub(super) async fn keep_one(tx: &mut Tx, leaving: &grants::Grant) -> Result<(), Failure> {
    let tenant = tx.tenant();
    if leaving.role != BuiltInRole::Owner.as_str() || another(tx, tenant, leaving.administrator).await? {
        return Ok(());
    }
    Err(Failure::refused(
        "last_owner",
        "change",
        "This is the last Owner who can sign in by a passkey or password. Make another administrator Owner first, \
         and have him take up his invitation.",
    ))
}

/// Whether somebody has a password or a passkey, and is not barred everywhere.
async fn signs_in_alone(reader: &mut Reader, id: AdministratorId) -> Result<bool, Failure> {
    let who = administrators::get(reader, id).await?;
    let Some(who) = who.filter(|who| who.disabled_at.is_none()) else {
        return Ok(false);
    };
    Ok(who.password_hash.is_some() || !passkeys::of_administrator(reader, id).await?.is_empty())
}
