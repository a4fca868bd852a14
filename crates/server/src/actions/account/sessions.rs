//! One's own sessions.

use claviger_domain::SessionId;
use claviger_store::{
    Tx,
    sessions::{self, Session},
};

use crate::{
    Failure,
    actions::entries::{Object, changed},
    auth::Caller,
    rest::guard::SignedIn,
};

/// The caller's sessions, newest first, and which of them this is.
///
/// # Errors
/// [`Failure::Forbidden`] for an API token.
pub async fn list(caller: &Caller<SignedIn>) -> Result<(SessionId, Vec<Session>), Failure> {
    let (who, current, now) = (caller.signed_in()?.id, caller.signed_in()?.session, caller.now());
    let all = caller
        .read(async move |reader| Ok(sessions::of_administrator(reader, who, now).await?))
        .await?;
    Ok((current, all))
}

/// Ends one of the caller's sessions.
///
/// # Errors
/// [`Failure::NotFound`] for one that is not his.
pub async fn end(caller: &Caller<SignedIn>, id: SessionId) -> Result<(), Failure> {
    let (who, email) = (caller.signed_in()?.id, caller.signed_in()?.email.clone());
    let job = async move |tx: &mut Tx| {
        let now = tx.now();
        let session = sessions::of_administrator(tx, who, now)
            .await?
            .into_iter()
            .find(|session| session.id == id);
        session.ok_or(Failure::NotFound)?;
        sessions::delete(tx, who, id).await?;
        let object = Object {
            kind: "session",
            id: id.as_uuid(),
            label: &email,
            revision: 1,
        };
        changed(tx, "session.ended", &object, None, None);
        Ok(())
    };
    caller.write_on(who.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}
