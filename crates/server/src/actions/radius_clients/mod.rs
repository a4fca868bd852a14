//! RADIUS clients of a tenant: who may ask for codes through RADIUS, and the secret that each shares.

mod kept;

use claviger_api::{RadiusClientChange, RadiusClientDraft};
use claviger_domain::{Revision, Timestamp, text::ApiTokenName};
use claviger_formats::radius::SHORTEST_SECRET;
use claviger_store::Tx;
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use kept::Client;
pub(crate) use kept::{NAME, SECRET, read};

use super::{
    entries::{Object, changed},
    fields::Fields,
};
use crate::{
    Failure,
    auth::Caller,
    config::Network,
    ports,
    rest::guard::{SettingsRead, SettingsWrite},
    secrets::vault,
};

/// Clients that a tenant may have.
const MOST: usize = 200;

/// Bytes that a secret may have.
const LONGEST_SECRET: usize = 128;

/// The tenant's clients by name.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<SettingsRead>) -> Result<Vec<Client>, Failure> {
    let tenant = caller.tenant();
    let (mut all, _) = caller
        .read(async move |reader| kept::load(reader, tenant).await)
        .await?;
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// Adds a client; its packets are answered from then on.
///
/// # Errors
/// [`Failure::Validation`]; [`Failure::Refused`] when there are too many; [`Failure::Sealed`] when nothing can seal the
/// secret.
pub async fn create(caller: &Caller<SettingsWrite>, draft: RadiusClientDraft) -> Result<Client, Failure> {
    let given = Given::read(Some(draft.name), Some(draft.network), Some(draft.secret))?;
    let now = caller.now().as_micros();
    let client = Client {
        id: ports::new_id(),
        name: given.name.unwrap_or_default(),
        network: given.network.unwrap_or_default(),
        created_at: now,
        created_by: caller.identity().actor().label().to_owned(),
        rotated_at: now,
        revision: 1,
    };
    let secret = given.secret.unwrap_or_default();
    let app = caller.app().clone();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (mut all, revision) = kept::load(tx, tenant).await?;
        if all.len() >= MOST {
            let why = format!("A tenant has {MOST} RADIUS clients at most; name a network in place of its addresses.");
            return Err(Failure::refused("full", "create", why));
        }
        all.push(client.clone());
        kept::save(tx, &all, revision).await?;
        vault::keep(app.keyring(), tx, SECRET, client.id, secret.as_bytes()).await?;
        changed(tx, "radius_client.created", &object(&client), None, Some(said(&client)));
        Ok(client.clone())
    };
    let client = caller.write(job).await?;
    caller.app().radius().forget();
    Ok(client)
}

/// Changes a client, or gives it another secret: packets signed with the one before are dropped from then on.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`]; as [`create`].
pub async fn update(caller: &Caller<SettingsWrite>, id: Uuid, change: RadiusClientChange) -> Result<Client, Failure> {
    let given = Given::read(change.name, change.network, change.secret)?;
    let (app, expected) = (caller.app().clone(), caller.expected());
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (mut all, revision) = kept::load(tx, tenant).await?;
        let client = all.iter_mut().find(|client| client.id == id).ok_or(Failure::NotFound)?;
        expected.check(Revision::new(client.revision))?;
        let before = client.clone();
        given.apply(client, tx.now());
        let after = client.clone();
        kept::save(tx, &all, revision).await?;
        if let Some(secret) = &given.secret {
            vault::keep(app.keyring(), tx, SECRET, id, secret.as_bytes()).await?;
        }
        changed(
            tx,
            "radius_client.updated",
            &object(&after),
            Some(said(&before)),
            Some(said(&after)),
        );
        Ok(after)
    };
    let client = caller.write(job).await?;
    caller.app().radius().forget();
    Ok(client)
}

/// Takes a client away: its packets are dropped from then on, and its secret is shredded.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`].
pub async fn delete(caller: &Caller<SettingsWrite>, id: Uuid) -> Result<(), Failure> {
    let expected = caller.expected();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (all, revision) = kept::load(tx, tenant).await?;
        let (gone, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|client| client.id == id);
        let gone = gone.first().ok_or(Failure::NotFound)?;
        expected.check(Revision::new(gone.revision))?;
        kept::save(tx, &left, revision).await?;
        vault::shred(tx, SECRET, id).await?;
        changed(tx, "radius_client.deleted", &object(gone), Some(said(gone)), None);
        Ok(())
    };
    caller.write(job).await?;
    caller.app().radius().forget();
    Ok(())
}

/// What was given of a client, checked.
struct Given {
    name: Option<String>,
    network: Option<String>,
    secret: Option<Zeroizing<String>>,
}

impl Given {
    /// Every fault is told at once, and none quotes the secret.
    fn read(name: Option<String>, network: Option<String>, secret: Option<String>) -> Result<Self, Failure> {
        let secret = secret.map(Zeroizing::new);
        let mut fields = Fields::default();
        let name = name.and_then(|name| fields.read("/name", ApiTokenName::new(&name)));
        let network = network.map(|network| network.trim().to_owned());
        if network
            .as_ref()
            .is_some_and(|network| network.parse::<Network>().is_err())
        {
            let wanted = "an address or a network is wanted, such as 10.1.2.3 or 10.1.0.0/16";
            fields.fault("/network", wanted);
        }
        let fits = |secret: &Zeroizing<String>| (SHORTEST_SECRET..=LONGEST_SECRET).contains(&secret.len());
        if secret.as_ref().is_some_and(|secret| !fits(secret)) {
            let wanted = format!("{SHORTEST_SECRET} to {LONGEST_SECRET} bytes are wanted; chosen at random");
            fields.fault("/secret", wanted);
        }
        fields.all(Some(Self {
            name: name.map(|name| name.as_str().to_owned()),
            network,
            secret,
        }))
    }

    fn apply(&self, client: &mut Client, now: Timestamp) {
        client.name = self.name.clone().unwrap_or_else(|| client.name.clone());
        client.network = self.network.clone().unwrap_or_else(|| client.network.clone());
        if self.secret.is_some() {
            client.rotated_at = now.as_micros();
        }
        client.revision = Revision::new(client.revision).next().get();
    }
}

fn object(client: &Client) -> Object<'_> {
    Object {
        kind: "radius_client",
        id: client.id,
        label: &client.name,
        revision: client.revision,
    }
}

fn said(client: &Client) -> serde_json::Value {
    let rotated_at = client.rotated_at;
    json!({ "name": client.name, "network": client.network, "rotated_at": rotated_at })
}
