//! Moves the session to another tenant.

use claviger_api::Session as View;
use claviger_domain::{AdministratorId, TenantId};
use claviger_store::{
    Scope, Tx,
    administrators::{self, grants},
    audit::AuditEntry,
    sessions::{self, Session},
};

use super::{open::beside_the_provider, show};
use crate::{
    Failure,
    auth::{Caller, authenticate},
    rest::guard::SignedIn,
};

/// Moves the session to a tenant in which the caller holds a role. The move is in both tenants' view of him: the
/// event stands in the log of the tenant that he leaves. An Owner who comes so into a tenant with an identity provider
/// comes in beside it, which is as loud there as his sign-in would be.
///
/// # Errors
/// [`Failure::NotFound`] for every tenant in which he holds none; [`Failure::Forbidden`] in a session that a tenant's
/// identity provider opened: its word holds in that tenant alone.
pub async fn move_to(caller: &Caller<SignedIn>, tenant: TenantId) -> Result<View, Failure> {
    caller.require_own_means()?;
    let (who, hash, email) = {
        let signed_in = caller.signed_in()?;
        (signed_in.id, signed_in.hash, signed_in.email.clone())
    };
    if tenant != caller.tenant() {
        come_in(caller, tenant, who, hash).await?;
    }
    let job = async move |tx: &mut Tx| {
        let now = tx.now();
        let grant = grants::get(tx, tenant, who).await?;
        grant
            .filter(|grant| grant.disabled_at.is_none())
            .ok_or(Failure::NotFound)?;
        let session = sessions::by_cookie(tx, &hash, now)
            .await?
            .ok_or(Failure::Unauthenticated("The session is over."))?;
        let before = session.tenant;
        sessions::save(tx, &Session { tenant, ..session }).await?;
        tx.record(AuditEntry {
            action: "session.moved",
            object_kind: "administrator",
            object_id: Some(who.as_uuid()),
            object_label: Some(email.clone()),
            before: Some(serde_json::json!({ "tenant_id": before.to_string() })),
            after: Some(serde_json::json!({ "tenant_id": tenant.to_string() })),
            ..AuditEntry::default()
        });
        Ok(())
    };
    caller.write_unkept(who.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    let identity = authenticate::by_session_cookie(caller.app(), hash).await?;
    show::view(caller.app(), identity.as_ref().clone()).await
}

/// What the log of the tenant that is entered says of it; before the move, so that there is none without it.
async fn come_in(
    caller: &Caller<SignedIn>,
    tenant: TenantId,
    who: AdministratorId,
    hash: [u8; 32],
) -> Result<(), Failure> {
    let scope = Scope {
        tenant,
        ..caller.scope(who.as_uuid())
    };
    let job = async move |tx: &mut Tx| {
        let now = tx.now();
        let session = sessions::by_cookie(tx, &hash, now).await?;
        match (session, administrators::get(tx, who).await?) {
            (Some(session), Some(who)) => beside_the_provider(tx, &who, &session.method).await,
            (_, None) | (None, _) => Ok(()),
        }
    };
    caller.app().store().write(scope, job).await
}
