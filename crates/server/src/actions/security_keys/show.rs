//! One key, with the names of what it refers to and the orders that the caller may give it.

use claviger_domain::{
    Privilege, PrivilegeSet, SecurityKeyId,
    role::Standing,
    security_key::{SecurityKey, Status, Verb},
};
use claviger_store::{
    Reader,
    outbox::{self, Message},
    security_keys::{self, Listed},
};

use crate::{
    Failure,
    auth::{Caller, roles},
    outbox::REVOKED_MAIL,
    rest::guard::InventoryRead,
};

/// A key as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The key with the names that a list shows.
    pub listed: Listed,
    /// Whether the caller may see who holds it.
    pub holder_shown: bool,
    /// The orders that it would take now from this caller, and `initial_pin` where there is one for him to look at.
    pub allowed: Vec<&'static str>,
    /// The newest mail about its revocation; told for a single key.
    pub mail: Option<Message>,
}

impl Shown {
    /// A key with the names that go with it; its holder stands so to the caller.
    pub(super) fn listed(listed: Listed, privileges: PrivilegeSet, holder: Standing) -> Self {
        let key = &listed.key;
        let orders = key.allowed_actions(privileges, holder).into_iter().map(Verb::as_str);
        let pins = holder == Standing::NotAbove && !key.initial_pins(privileges).is_empty();
        let look = pins.then_some("initial_pin");
        let allowed = orders.chain(look).collect();
        Self {
            listed,
            holder_shown: privileges.contains(Privilege::UserRead),
            allowed,
            mail: None,
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
            let found = security_keys::get_named(reader, tenant, id).await?;
            named(reader, tenant, found.ok_or(Failure::NotFound)?, privileges).await
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
    let listed = security_keys::named(tx, tenant, key).await?;
    named(tx, tenant, listed, privileges).await
}

async fn named(
    reader: &mut Reader,
    tenant: claviger_domain::TenantId,
    listed: Listed,
    privileges: PrivilegeSet,
) -> Result<Shown, Failure> {
    // Whoever was never revoked was never written to about it.
    let key = &listed.key;
    let ever_revoked = matches!(key.status(), Status::Revoked | Status::Disposed) || !key.past().is_empty();
    let mail = if ever_revoked {
        outbox::newest(reader, tenant, key.id().as_uuid(), REVOKED_MAIL).await?
    } else {
        None
    };
    let holder = match key.holder() {
        Some(holder) => roles::standing(reader, tenant, privileges, holder.user).await?,
        None => Standing::NotAbove,
    };
    Ok(Shown {
        mail,
        ..Shown::listed(listed, privileges, holder)
    })
}
