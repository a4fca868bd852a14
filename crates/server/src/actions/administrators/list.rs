//! The administrators of a tenant.

use claviger_domain::{AdministratorId, TenantId};
use claviger_store::{
    Reader,
    administrators::{
        self, Administrator,
        grants::{self, Grant},
    },
};

use crate::{Failure, auth::Caller, rest::guard::AdministratorRead};

/// An administrator and his role in the tenant.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub who: Administrator,
    /// With which role.
    pub grant: Grant,
}

/// The tenant's administrators, by address.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<AdministratorRead>) -> Result<Vec<Member>, Failure> {
    let tenant = caller.tenant();
    caller.read(async move |reader| members(reader, tenant).await).await
}

/// One of them.
///
/// # Errors
/// [`Failure::NotFound`] for one without a role in the tenant.
pub async fn get(caller: &Caller<AdministratorRead>, id: AdministratorId) -> Result<Member, Failure> {
    let tenant = caller.tenant();
    caller.read(async move |reader| member(reader, tenant, id).await).await
}

pub(super) async fn members(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Member>, Failure> {
    let mut members = Vec::new();
    for grant in grants::in_tenant(reader, tenant).await? {
        if let Some(who) = administrators::get(reader, grant.administrator).await? {
            members.push(Member { who, grant });
        }
    }
    members.sort_by(|a, b| a.who.email.cmp(&b.who.email));
    Ok(members)
}

pub(super) async fn member(reader: &mut Reader, tenant: TenantId, id: AdministratorId) -> Result<Member, Failure> {
    let grant = grants::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
    let who = administrators::get(reader, id).await?.ok_or(Failure::NotFound)?;
    Ok(Member { who, grant })
}
