//! Proves once more who sits there, before something that a borrowed browser must not do.

use claviger_api::{Session as View, StepUp};
use claviger_store::{
    Tx, administrators,
    audit::AuditEntry,
    sessions::{self, Session},
};

use super::{passkey, show};
use crate::{
    Failure,
    auth::{Caller, authenticate, identity::SignedIn as Person, limiter::Target},
    rest::guard::SignedIn,
};

const REFUSED: Failure = Failure::Unauthenticated("That did not prove who you are.");

/// Proves the caller by his password or a passkey; what asks for step-up is open for 5 minutes.
///
/// # Errors
/// [`Failure::Unauthenticated`], or [`Failure::RateLimited`] after too many wrong ones.
pub async fn step_up(caller: &Caller<SignedIn>, order: StepUp) -> Result<View, Failure> {
    let person = caller.signed_in()?.clone();
    let app = caller.app();
    let address = caller
        .source()
        .and_then(|source| source.parse().ok())
        .unwrap_or([127, 0, 0, 1].into());
    let target = Target::Account(&person.email);
    app.limiter()
        .take(app.store(), target, address, app.clock().now())
        .await?;
    let proven = prove(caller, &person, order).await?;
    app.limiter()
        .succeeded(app.store(), target, address, app.clock().now())
        .await?;
    let (who, hash, email) = (person.id, person.hash, person.email);
    let job = async move |tx: &mut Tx| {
        let now = tx.now();
        if let Some(proven) = &proven {
            proven.keep(tx).await?;
        }
        let session = sessions::by_cookie(tx, &hash, now).await?.ok_or(REFUSED)?;
        sessions::save(
            tx,
            &Session {
                authenticated_at: now,
                ..session
            },
        )
        .await?;
        tx.record(AuditEntry {
            action: "session.stepped_up",
            object_kind: "administrator",
            object_id: Some(who.as_uuid()),
            object_label: Some(email.clone()),
            ..AuditEntry::default()
        });
        Ok(())
    };
    caller.write_unkept(who.as_uuid(), job).await?;
    app.identities().forget_all();
    let identity = authenticate::by_session_cookie(app, hash).await?;
    show::view(app, identity.as_ref().clone()).await
}

async fn prove(caller: &Caller<SignedIn>, person: &Person, order: StepUp) -> Result<Option<passkey::Proven>, Failure> {
    match (order.password, order.passkey) {
        (Some(password), None) => {
            let id = person.id;
            let who = caller
                .read(async move |reader| Ok(administrators::get(reader, id).await?))
                .await?;
            let right = caller
                .app()
                .passwords()
                .verify(who.and_then(|who| who.password_hash), password)
                .await?;
            if right { Ok(None) } else { Err(REFUSED) }
        }
        (None, Some(answer)) => {
            let proven = passkey::prove(caller.app(), answer).await?;
            if proven.who.id == person.id {
                Ok(Some(proven))
            } else {
                Err(REFUSED)
            }
        }
        (None, None) | (Some(_), Some(_)) => Err(Failure::invalid("/password", "send either `password` or `passkey`")),
    }
}
