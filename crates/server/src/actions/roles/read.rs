//! The roles of a tenant, with how many hold them.

use claviger_domain::{BuiltInRole, Role, TenantId};
use claviger_store::{Reader, roles};

use crate::{Failure, auth::Caller, auth::roles::find, rest::guard::RoleRead};

/// A role and how many hold it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The role.
    pub role: Role,
    /// Administrators and API tokens that hold it.
    pub holders: u64,
}

/// All roles: the built-in ones, then the tenant's own by name.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<RoleRead>) -> Result<Vec<Listed>, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let holders = roles::holders(reader, tenant).await?;
            let built_in = BuiltInRole::ALL.into_iter().map(Role::BuiltIn);
            let own = roles::list(reader, tenant).await?.into_iter().map(Role::Custom);
            let listed = built_in.chain(own).map(|role| Listed {
                holders: holders.get(role.name()).copied().unwrap_or_default(),
                role,
            });
            Ok(listed.collect())
        })
        .await
}

/// The role of that name.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<RoleRead>, name: String) -> Result<Listed, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let role = find(reader, tenant, &name).await?.ok_or(Failure::NotFound)?;
            listed(reader, tenant, role).await
        })
        .await
}

pub(super) async fn listed(reader: &mut Reader, tenant: TenantId, role: Role) -> Result<Listed, Failure> {
    let holders = roles::holders(reader, tenant).await?;
    Ok(Listed {
        holders: holders.get(role.name()).copied().unwrap_or_default(),
        role,
    })
}
