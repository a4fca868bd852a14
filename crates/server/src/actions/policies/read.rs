//! Reading policies.

use claviger_domain::{PolicyId, policy::Usage};
use claviger_store::policies::{self, Listed, Version};

use crate::{Failure, auth::Caller, rest::guard::PolicyRead};

/// The tenant's policies by name, archived ones among them.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<PolicyRead>) -> Result<Vec<Listed>, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| Ok(policies::list(reader, tenant).await?))
        .await
}

/// One policy.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<PolicyRead>, id: PolicyId) -> Result<Listed, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let policy = policies::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            let usage = policies::usage(reader, tenant, id).await?;
            Ok(listed(policy, usage))
        })
        .await
}

/// All its versions, the newest first, with the name that the policy bears now.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn versions(caller: &Caller<PolicyRead>, id: PolicyId) -> Result<(String, Vec<Version>), Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let policy = policies::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            Ok((
                policy.name().as_str().to_owned(),
                policies::versions(reader, tenant, id).await?,
            ))
        })
        .await
}

/// A policy with the number of its keys.
pub(super) fn listed(policy: claviger_domain::policy::Policy, usage: Usage) -> Listed {
    let in_use = match usage {
        Usage::Unused => 0,
        Usage::InUse(keys) => keys,
    };
    Listed { policy, in_use }
}
