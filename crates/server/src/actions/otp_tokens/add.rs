//! One token by hand.

use claviger_domain::{
    OtpTokenId, Revision,
    otp::{Incoming, OtpToken, OtpTokenFacts, Resyncs, Seed, State},
    text::{Manufacturer, Model},
};
use claviger_store::{
    Tx,
    audit::AuditEntry,
    otp_tokens::{self, NewToken},
};

use super::{
    Shown,
    obey::{event, facts, notify},
    show::shown,
};
use crate::{Failure, auth::Caller, ports::new_id, rest::guard::OtpWrite, secrets::seeds};

/// A token that somebody typed in.
#[derive(Clone)]
pub struct Draft {
    /// Its serial number, what it is set to, and how far its codes are used up.
    pub incoming: Incoming,
    /// Its seed.
    pub seed: Seed,
    /// Who made it.
    pub manufacturer: Option<Manufacturer>,
    /// What the model is called.
    pub model: Option<Model>,
}

/// Adds a token, active and without a user.
///
/// # Errors
/// [`Failure::Duplicate`] for a serial number that is taken; [`Failure::Sealed`] without a key-encryption key.
pub async fn add(caller: &Caller<OtpWrite>, draft: Draft) -> Result<Shown, Failure> {
    let (app, privileges) = (caller.app().clone(), caller.identity().privileges);
    let id = OtpTokenId::from_uuid(new_id());
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let token = token(id, &draft, tx)?;
        let key = app.keyring().sealing(tx, tenant).await?;
        let new = NewToken {
            token: token.clone(),
            holder: None,
            row: None,
            seed: seeds::seal_seed(&key, tenant, id, &draft.seed)?,
            key_version: i64::from(key.version()),
        };
        otp_tokens::insert(tx, new).await.map_err(taken)?;
        notify(tx, &token);
        tx.record(AuditEntry {
            after: Some(facts(&token)),
            ..event("otp_token.added", &token)
        });
        shown(tx, id, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}

fn token(id: OtpTokenId, draft: &Draft, tx: &Tx) -> Result<OtpToken, Failure> {
    let facts = OtpTokenFacts {
        id,
        revision: Revision::FIRST,
        serial_number: draft.incoming.serial.clone(),
        parameters: draft.incoming.parameters,
        state: State::Active,
        holder: None,
        progress: draft.incoming.progress,
        failed_attempts: 0,
        locked_since: None,
        resyncs: Resyncs::default(),
        expires_at: None,
        manufacturer: draft.manufacturer.clone(),
        model: draft.model.clone(),
        batch: None,
        imported_at: tx.now(),
        updated_at: tx.now(),
        last_used_at: None,
    };
    OtpToken::try_from(facts).map_err(Failure::internal)
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("otp_tokens") {
        return Failure::Duplicate("A token with this serial number is here already.".to_owned());
    }
    error.into()
}
