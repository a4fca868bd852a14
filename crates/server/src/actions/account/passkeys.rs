//! One's own passkeys.

use claviger_api::{Ceremony, PasskeyRegistration};
use claviger_domain::{PasskeyId, text::PasskeyName};
use claviger_store::{
    Tx, administrators,
    passkeys::{self, Passkey},
};

use crate::{
    Failure,
    actions::{
        entries::{Object, changed},
        setup::complete::stored,
    },
    auth::Caller,
    rest::guard::SignedIn,
};

/// The caller's passkeys, oldest first.
///
/// # Errors
/// [`Failure::Forbidden`] for an API token.
pub async fn list(caller: &Caller<SignedIn>) -> Result<Vec<Passkey>, Failure> {
    let id = caller.signed_in()?.id;
    caller
        .read(async move |reader| Ok(passkeys::of_administrator(reader, id).await?))
        .await
}

/// Begins a registration.
///
/// # Errors
/// [`Failure::StepUpRequired`]: a borrowed browser must not add a key of its own.
pub async fn begin(caller: &Caller<SignedIn>) -> Result<Ceremony, Failure> {
    let person = caller.signed_in()?.clone();
    caller.require_own_means()?;
    caller.require_step_up()?;
    let mut existing = Vec::new();
    for passkey in list(caller).await? {
        existing.push(serde_json::from_str(&passkey.credential).map_err(Failure::internal)?);
    }
    let (app, now) = (caller.app(), caller.now());
    app.passkeys()
        .begin_registration(
            app.store(),
            person.id,
            &person.email,
            &person.display_name,
            &existing,
            now,
        )
        .await
}

/// Ends a registration.
///
/// # Errors
/// [`Failure::Validation`] for an answer that does not hold; [`Failure::Duplicate`] for a key registered already.
pub async fn add(caller: &Caller<SignedIn>, sent: PasskeyRegistration) -> Result<Passkey, Failure> {
    let person = caller.signed_in()?.clone();
    caller.require_own_means()?;
    let name = PasskeyName::new(&sent.name).map_err(|fault| Failure::invalid("/name", fault.to_string()))?;
    let (id, credential) = caller
        .app()
        .passkeys()
        .finish_registration(caller.app().store(), sent.ceremony_id, sent.credential, caller.now())
        .await?;
    if id != person.id {
        return Err(Failure::invalid("/ceremony_id", "this ceremony is over; begin again"));
    }
    let passkey = stored(id, &name, &credential, caller.now())?;
    let job = async move |tx: &mut Tx| {
        passkeys::insert(tx, &passkey).await.map_err(taken)?;
        changed(tx, "passkey.registered", &object(&passkey), None, None);
        Ok(passkey.clone())
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Removes a passkey. The last one of an account without a password stays: nobody could sign in any more.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Refused`]; [`Failure::StepUpRequired`]: a borrowed browser must not take a key away.
pub async fn remove(caller: &Caller<SignedIn>, id: PasskeyId) -> Result<(), Failure> {
    let who = caller.signed_in()?.id;
    caller.require_own_means()?;
    caller.require_step_up()?;
    let job = async move |tx: &mut Tx| {
        let all = passkeys::of_administrator(tx, who).await?;
        let passkey = all.iter().find(|passkey| passkey.id == id).ok_or(Failure::NotFound)?;
        let has_password = administrators::get(tx, who)
            .await?
            .is_some_and(|who| who.password_hash.is_some());
        if all.len() == 1 && !has_password {
            return Err(Failure::refused(
                "last",
                "remove",
                "This is your only way to sign in. Add another passkey or a password first.",
            ));
        }
        passkeys::delete(tx, who, id).await?;
        changed(tx, "passkey.removed", &object(passkey), None, None);
        Ok(())
    };
    caller.write_on(who.as_uuid(), job).await
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("passkeys") {
        Failure::Duplicate("This passkey is registered already.".to_owned())
    } else {
        error.into()
    }
}

fn object(passkey: &Passkey) -> Object<'_> {
    Object {
        kind: "passkey",
        id: passkey.id.as_uuid(),
        label: &passkey.name,
        revision: passkey.revision,
    }
}
