//! Sessions of an administrator in the tenant, and their end.

use claviger_domain::{AdministratorId, SessionId};
use claviger_store::{
    Tx,
    audit::AuditEntry,
    sessions::{self, Session},
};

use super::{Member, change, list};
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
        tx.record(said(member, ended));
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}

/// Ends one of them.
///
/// # Errors
/// As [`end_all`]; [`Failure::NotFound`] also for a session that he has not, or that works in another tenant.
pub async fn end_one(
    caller: &Caller<AdministratorWrite>,
    id: AdministratorId,
    session: SessionId,
) -> Result<(), Failure> {
    let privileges = caller.identity().privileges;
    let job = async move |tx: &mut Tx| {
        let (tenant, now) = (tx.tenant(), tx.now());
        let member = list::member(tx, tenant, id).await?;
        change::below(tx, privileges, &member.grant).await?;
        let all = sessions::in_tenant(tx, id, tenant, now).await?;
        if !all.iter().any(|one| one.id == session) {
            return Err(Failure::NotFound);
        }
        sessions::delete(tx, id, session).await?;
        tx.record(said(member, 1));
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}

fn said(member: Member, ended: u64) -> AuditEntry {
    AuditEntry {
        action: "administrator.sessions_ended",
        object_kind: "administrator",
        object_id: Some(member.who.id.as_uuid()),
        object_label: Some(member.who.email),
        after: Some(serde_json::json!({ "ended": ended })),
        ..AuditEntry::default()
    }
}
