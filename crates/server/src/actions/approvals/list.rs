//! Requests, with the names of the keys that they are about.

use std::collections::HashMap;

use claviger_domain::{
    ApprovalId, SecurityKeyId, Timestamp,
    approval::{Approval, Kind, Status},
    security_key::SecurityKey,
};
use claviger_store::{Reader, approvals, pages::Total, security_keys};

use crate::{Failure, auth::Caller, rest::guard::InventoryRead};

/// A request, with what its key is called and how it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The request.
    pub approval: Approval,
    /// How it stands.
    pub status: Status,
    /// Name of the key's model and its serial number; nothing when the key is gone.
    pub key: Option<(String, String)>,
}

impl Named {
    pub(super) fn new(approval: Approval, key: Option<&SecurityKey>, now: Timestamp) -> Self {
        let status = approval.status(now);
        let key = key.map(|key| {
            (
                key.device_name().as_str().to_owned(),
                key.serial_number().given().to_owned(),
            )
        });
        Self { approval, status, key }
    }
}

/// One request of a kind that concerns the caller.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<InventoryRead>, id: ApprovalId) -> Result<Named, Failure> {
    let (tenant, now, kinds) = (caller.tenant(), caller.now(), concerned(caller));
    let read = async move |reader: &mut Reader| {
        let found = approvals::get(reader, tenant, id).await?;
        let found = found.filter(|one| kinds.contains(&one.kind)).ok_or(Failure::NotFound)?;
        let key = security_keys::get(reader, tenant, found.security_key).await?;
        Ok(Named::new(found, key.as_ref(), now))
    };
    caller.read(read).await
}

/// Requests of the kinds that concern the caller, the newest first, behind `after`; one more than `limit` when there
/// are more; and how many there are in all.
///
/// # Errors
/// What the store meets.
pub async fn list(
    caller: &Caller<InventoryRead>,
    status: Option<Status>,
    after: Option<ApprovalId>,
    limit: u32,
) -> Result<(Vec<Named>, Total), Failure> {
    let (tenant, now, kinds) = (caller.tenant(), caller.now(), concerned(caller));
    let read = async move |reader: &mut Reader| {
        let wanted = approvals::Wanted {
            kinds: &kinds,
            status,
            now,
        };
        let found = approvals::list(reader, tenant, wanted, after, limit.saturating_add(1)).await?;
        let total = approvals::total(reader, tenant, wanted).await?;
        let ids: Vec<SecurityKeyId> = found.iter().map(|one| one.security_key).collect();
        let keys = security_keys::get_many(reader, tenant, &ids).await?;
        let keys: HashMap<SecurityKeyId, SecurityKey> = keys.into_iter().map(|key| (key.id(), key)).collect();
        let named = found.into_iter().map(|one| {
            let key = keys.get(&one.security_key);
            Named::new(one, key, now)
        });
        Ok((named.collect(), total))
    };
    caller.read(read).await
}

/// What the caller may do himself, he may look at.
fn concerned(caller: &Caller<InventoryRead>) -> Vec<Kind> {
    let kinds = Kind::ALL.iter().copied();
    kinds.filter(|kind| caller.identity().may(kind.privilege())).collect()
}
