//! The administrators of a tenant.

use claviger_domain::{AdministratorId, TenantId, user::User};
use claviger_store::{
    Reader,
    administrators::{
        self, Administrator,
        grants::{self, Grant},
        identities,
    },
    users,
};

use crate::{Failure, auth::Caller, rest::guard::AdministratorRead};

/// An administrator and his role in the tenant.
#[derive(Debug, Clone)]
pub struct Member {
    /// Who.
    pub who: Administrator,
    /// With which role.
    pub grant: Grant,
    /// The user who is the same person.
    pub user: Option<User>,
    /// Whether he is known at the tenant's identity provider.
    pub linked: bool,
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
            members.push(with(reader, who, grant).await?);
        }
    }
    members.sort_by(|a, b| a.who.email.cmp(&b.who.email));
    Ok(members)
}

pub(super) async fn member(reader: &mut Reader, tenant: TenantId, id: AdministratorId) -> Result<Member, Failure> {
    let grant = grants::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
    let who = administrators::get(reader, id).await?.ok_or(Failure::NotFound)?;
    Ok(with(reader, who, grant).await?)
}

async fn with(reader: &mut Reader, who: Administrator, grant: Grant) -> Result<Member, claviger_store::Error> {
    let user = match grant.user {
        Some(user) => users::get(reader, grant.tenant, user).await?,
        None => None,
    };
    let linked = identities::is_known(reader, grant.tenant, who.id).await?;
    Ok(Member {
        who,
        grant,
        user,
        linked,
    })
}
