//! One's own password.

use claviger_api::PasswordChange;
use claviger_store::{
    Tx,
    administrators::{self, Administrator},
    sessions,
};

use crate::{
    Failure,
    actions::entries::{Object, changed},
    auth::{Caller, limiter::Target},
    rest::guard::SignedIn,
};

/// Sets the caller's password. Whoever has one proves it; without one, step-up is asked. Other sessions end.
///
/// # Errors
/// [`Failure::Validation`] at the field; [`Failure::StepUpRequired`]; [`Failure::RateLimited`].
pub async fn change(caller: &Caller<SignedIn>, order: PasswordChange) -> Result<(), Failure> {
    let person = caller.signed_in()?.clone();
    caller.require_own_means()?;
    let (id, session) = (person.id, person.session);
    let who = caller
        .read(async move |reader| Ok(administrators::get(reader, id).await?))
        .await?
        .ok_or(Failure::NotFound)?;
    prove(caller, &who, order.current_password).await?;
    let hash = caller
        .app()
        .passwords()
        .hash("/new_password", order.new_password)
        .await?;
    let job = async move |tx: &mut Tx| {
        let now = administrators::get(tx, id).await?.ok_or(Failure::NotFound)?;
        if now.password_hash != who.password_hash {
            return Err(Failure::Stale(None));
        }
        let after = administrators::save(
            tx,
            &Administrator {
                password_hash: Some(hash.clone()),
                ..now
            },
        )
        .await?;
        sessions::delete_others(tx, id, Some(session)).await?;
        let object = Object {
            kind: "administrator",
            id: id.as_uuid(),
            label: &after.email,
            revision: after.revision,
        };
        changed(tx, "administrator.password_changed", &object, None, None);
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}

async fn prove(caller: &Caller<SignedIn>, who: &Administrator, current: Option<String>) -> Result<(), Failure> {
    let Some(stored) = who.password_hash.clone() else {
        return caller.require_step_up();
    };
    let given = current.ok_or_else(|| Failure::invalid("/current_password", "send the password that holds now"))?;
    let address = caller
        .source()
        .and_then(|source| source.parse().ok())
        .unwrap_or([127, 0, 0, 1].into());
    let (app, target) = (caller.app(), Target::Account(&who.email));
    app.limiter().take(app.store(), target, address, caller.now()).await?;
    if !caller.app().passwords().verify(Some(stored), given).await? {
        return Err(Failure::invalid(
            "/current_password",
            "this is not the password that holds now",
        ));
    }
    app.limiter()
        .succeeded(app.store(), target, address, caller.now())
        .await
}
