//! Signs in by password. An unknown account, a wrong password and a disabled one look alike and take as long.

use claviger_api::Credentials;
use claviger_domain::TenantId;
use claviger_store::{
    Actor,
    administrators::{self, Administrator},
    audit::AuditEntry,
};

use super::{
    Opened,
    open::{self, Opening, open},
    show,
};
use crate::{
    Failure,
    auth::{Visitor, limiter::Target},
};

const REFUSED: Failure = Failure::Unauthenticated("The address or the password is wrong.");

/// Signs in by password.
///
/// # Errors
/// [`Failure::Unauthenticated`], or [`Failure::RateLimited`] after too many wrong ones.
pub async fn by_password(visitor: &Visitor, credentials: Credentials) -> Result<Opened, Failure> {
    let Credentials { email, password } = credentials;
    let app = &visitor.app;
    visitor.guess(Target::Account(&email)).await?;
    let wanted = email.clone();
    let found = app.store().read(async move |reader| {
        let Some(who) = administrators::by_email(reader, &wanted).await? else {
            return Ok(None);
        };
        let home = open::home(reader, &who).await?;
        Ok::<_, Failure>(Some((who, home)))
    });
    let found = found.await?;
    let usable = found
        .as_ref()
        .filter(|(who, home)| who.disabled_at.is_none() && home.is_some());
    let stored = usable.and_then(|(who, _)| who.password_hash.clone());
    let right = app.passwords().verify(stored, password).await?;
    match found {
        Some((who, Some(home))) if right => {
            visitor.was_right(Target::Account(&email)).await?;
            finish(visitor, who, home).await
        }
        found => {
            let home = found.as_ref().and_then(|(_, home)| *home).unwrap_or(TenantId::SYSTEM);
            refuse(visitor, found.map(|(who, _)| who), home).await?;
            Err(REFUSED)
        }
    }
}

async fn finish(visitor: &Visitor, who: Administrator, home: TenantId) -> Result<Opened, Failure> {
    let opening = Opening::new(visitor, "password")?;
    let cookie = opening.cookie();
    let scope = visitor.scope(home, open::actor(&who), who.id.as_uuid());
    let job = async move |tx: &mut claviger_store::Tx| {
        // What was checked outside the transaction must still hold in it.
        let now = administrators::get(tx, who.id)
            .await?
            .filter(|now| now.disabled_at.is_none());
        let now = now
            .filter(|now| now.password_hash == who.password_hash)
            .ok_or(REFUSED)?;
        open(tx, &now, &opening).await
    };
    visitor.app.store().write(scope, job).await?;
    show::opened(&visitor.app, cookie).await
}

/// A refused sign-in is in the log of the administrator's tenant; one of nobody in the system's.
pub(super) async fn refuse(visitor: &Visitor, who: Option<Administrator>, home: TenantId) -> Result<(), Failure> {
    let object = who.as_ref().map(|who| who.id.as_uuid()).unwrap_or_default();
    let scope = visitor.scope(home, Actor::System("sign-in".to_owned()), object);
    let job = async move |tx: &mut claviger_store::Tx| {
        tx.record(
            who.as_ref()
                .map_or_else(unknown, |who| open::entry("session.refused", who, None)),
        );
        Ok::<(), Failure>(())
    };
    visitor.app.store().write(scope, job).await
}

/// The address that was typed is not kept: people type passwords there.
fn unknown() -> AuditEntry {
    AuditEntry {
        action: "session.refused",
        object_kind: "administrator",
        ..AuditEntry::default()
    }
}
