//! Signs in by passkey: the authenticator names the account, the signature proves it.

use claviger_api::{Ceremony, CeremonyAnswer};
use claviger_domain::TenantId;
use claviger_store::{
    Reader, Tx,
    administrators::{self, Administrator},
    passkeys,
};

use super::{
    Opened,
    open::{self, Opening, open},
    password, show,
};
use crate::{
    App, Failure,
    auth::{Visitor, limiter::Target, passkeys::Claim},
};

const REFUSED: Failure = Failure::Unauthenticated("The passkey was not accepted. Begin again.");

/// A passkey whose signature held, with its counter as the authenticator now has it.
#[derive(Clone)]
pub(crate) struct Proven {
    pub(crate) who: Administrator,
    stored: passkeys::Passkey,
    updated: String,
}

/// Begins a sign-in by passkey.
///
/// # Errors
/// [`Failure::RateLimited`] for an address that begins too many.
pub async fn begin(visitor: &Visitor) -> Result<Ceremony, Failure> {
    visitor.guess(Target::Begun).await?;
    let app = &visitor.app;
    app.passkeys().begin_sign_in(app.store(), app.clock().now()).await
}

/// Signs in by passkey.
///
/// # Errors
/// [`Failure::Unauthenticated`], or [`Failure::RateLimited`] after too many wrong ones.
pub async fn by_passkey(visitor: &Visitor, answer: CeremonyAnswer) -> Result<Opened, Failure> {
    let app = &visitor.app;
    visitor.guess(Target::OneTime).await?;
    let Ok((proven, home)) = attempt(app, answer).await else {
        password::refuse(visitor, None, TenantId::SYSTEM).await?;
        return Err(REFUSED);
    };
    visitor.was_right(Target::OneTime).await?;
    let opening = Opening::new(visitor, "passkey")?;
    let cookie = opening.cookie();
    let scope = visitor.scope(home, open::actor(&proven.who), proven.who.id.as_uuid());
    let job = async move |tx: &mut Tx| {
        proven.keep(tx).await?;
        open(tx, &proven.who, &opening).await
    };
    app.store().write(scope, job).await?;
    show::opened(app, cookie).await
}

async fn attempt(app: &App, answer: CeremonyAnswer) -> Result<(Proven, TenantId), Failure> {
    let proven = prove(app, answer).await?;
    let who = proven.who.clone();
    let home = app
        .store()
        .read(async move |reader| open::home(reader, &who).await)
        .await?;
    Ok((proven, home.ok_or(REFUSED)?))
}

/// Proves who answered a ceremony.
pub(crate) async fn prove(app: &App, answer: CeremonyAnswer) -> Result<Proven, Failure> {
    let claim = app
        .passkeys()
        .claim(app.store(), answer.ceremony_id, answer.credential, app.clock().now())
        .await?;
    let (id, who) = (claim.credential_id.clone(), claim.administrator);
    let (who, stored) = app
        .store()
        .read(async move |reader| found(reader, &id, who).await)
        .await?;
    check(app, &claim, who, stored)
}

async fn found(
    reader: &mut Reader,
    credential: &[u8],
    claimed: claviger_domain::AdministratorId,
) -> Result<(Administrator, passkeys::Passkey), Failure> {
    let stored = passkeys::by_credential(reader, credential).await?;
    let stored = stored.filter(|stored| stored.administrator == claimed).ok_or(REFUSED)?;
    let who = administrators::get(reader, claimed).await?;
    Ok((who.filter(|who| who.disabled_at.is_none()).ok_or(REFUSED)?, stored))
}

fn check(app: &App, claim: &Claim, who: Administrator, stored: passkeys::Passkey) -> Result<Proven, Failure> {
    let mut credential = serde_json::from_str(&stored.credential).map_err(Failure::internal)?;
    let result = app.passkeys().prove(claim, &credential)?;
    credential.update_credential(&result);
    let updated = serde_json::to_string(&credential).map_err(Failure::internal)?;
    Ok(Proven { who, stored, updated })
}

impl Proven {
    /// Keeps the counter; two uses of one counter cannot both pass.
    pub(crate) async fn keep(&self, tx: &mut Tx) -> Result<(), Failure> {
        let who = administrators::get(tx, self.who.id).await?;
        who.filter(|who| who.disabled_at.is_none()).ok_or(REFUSED)?;
        let kept = passkeys::used(tx, &self.stored, &self.updated).await;
        kept.map_err(|error| {
            if matches!(error, claviger_store::Error::Stale) {
                REFUSED
            } else {
                error.into()
            }
        })
    }
}
