//! Sessions of an administrator in the tenant, and their end.

use claviger_domain::AdministratorId;
use claviger_store::{
    Tx,
    audit::AuditEntry,
    sessions::{self, Session},
};

use super::{change, list};
use crate::{
    Failure,
    auth::Caller,
    rest::guard::{AdministratorRead, AdministratorWrite},
};

/// His sessions that work in this tenant, newest first.
///
/// # Errors
/// [`Failure::NotFound`] for one without a role in the tenant.
pub async fn sessions(caller: &Caller<AdministratorRead>, id: AdministratorId) -> Result<Vec<Session>, Failure> {
    let (tenant, now) = (caller.tenant(), caller.now());
    let job = async move |reader: &mut claviger_store::Reader| {
        list::member(reader, tenant, id).await?;
        Ok(sessions::in_tenant(reader, id, tenant, now).await?)
    };
    caller.read(job).await
}

/// Ends all of them: on this server with the commit, on others within the second for which an identity is believed.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Forbidden`] for somebody who may do more than the caller.
pub async fn end_all(caller: &Caller<AdministratorWrite>, id: AdministratorId) -> Result<(), Failure> {
    let privileges = caller.identity().privileges;
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let member = list::member(tx, tenant, id).await?;
        change::below(tx, privileges, &member.grant).await?;
        let ended = sessions::delete_in_tenant(tx, id, tenant).await?;
        tx.record(AuditEntry {
            action: "administrator.sessions_ended",
            object_kind: "administrator",
            object_id: Some(id.as_uuid()),
            object_label: Some(member.who.email),
            after: Some(serde_json::json!({ "ended": ended })),
            ..AuditEntry::default()
        });
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}
