//! One key, with the names of what it refers to and the orders that the caller may give it.

use claviger_domain::{
    PrivilegeSet, SecurityKeyId,
    security_key::{SecurityKey, Verb},
};
use claviger_store::{
    Reader, batches, policies,
    security_keys::{self, Listed},
    users,
};

use crate::{Failure, auth::Caller, rest::guard::InventoryRead};

/// A key as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The key with the names that a list shows.
    pub listed: Listed,
    /// The orders that it would take now from this caller.
    pub allowed: Vec<Verb>,
    /// Name of the file that brought it; told for a single key.
    pub file_name: Option<String>,
}

impl Shown {
    /// A key of a list.
    pub(super) fn listed(listed: Listed, privileges: PrivilegeSet) -> Self {
        let allowed = listed.key.allowed_actions(privileges);
        Self {
            listed,
            allowed,
            file_name: None,
        }
    }
}

/// One key.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<InventoryRead>, id: SecurityKeyId) -> Result<Shown, Failure> {
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    caller
        .read(async move |reader| {
            let key = security_keys::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            named(reader, tenant, key, privileges).await
        })
        .await
}

/// A key that was just changed.
pub(super) async fn shown(
    tx: &mut claviger_store::Tx,
    key: SecurityKey,
    privileges: PrivilegeSet,
) -> Result<Shown, Failure> {
    let tenant = tx.tenant();
    named(tx, tenant, key, privileges).await
}

async fn named(
    reader: &mut Reader,
    tenant: claviger_domain::TenantId,
    key: SecurityKey,
    privileges: PrivilegeSet,
) -> Result<Shown, Failure> {
    let policy = match key.policy() {
        Some(linked) => policies::get(reader, tenant, linked.id).await?,
        None => None,
    };
    let user = match key.holder() {
        Some(holder) => users::get(reader, tenant, holder.user).await?,
        None => None,
    };
    let batch = match key.batch() {
        Some(id) => batches::get(reader, tenant, id).await?,
        None => None,
    };
    let listed = Listed {
        policy_name: policy.as_ref().map(|policy| policy.name().as_str().to_owned()),
        policy_version: policy.map(|policy| policy.version()),
        user_name: user.map(|user| user.user_name.as_str().to_owned()),
        key,
    };
    Ok(Shown {
        file_name: batch.map(|batch| batch.file_name),
        ..Shown::listed(listed, privileges)
    })
}
