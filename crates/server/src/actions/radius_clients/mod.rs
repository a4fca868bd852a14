//! RADIUS clients of a tenant: who may ask for codes through RADIUS, and the secret that each shares.

mod kept;

use claviger_api::RadiusClientDraft;
use claviger_domain::text::ApiTokenName;
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
    let secret = Zeroizing::new(draft.secret);
    let mut fields = Fields::default();
    let name = fields.read("/name", ApiTokenName::new(&draft.name));
    let network = draft.network.trim().to_owned();
    if network.parse::<Network>().is_err() {
        let wanted = "an address or a network is wanted, such as 10.1.2.3 or 10.1.0.0/16";
        fields.fault("/network", wanted);
    }
    if !(SHORTEST_SECRET..=LONGEST_SECRET).contains(&secret.len()) {
        let wanted = format!("{SHORTEST_SECRET} to {LONGEST_SECRET} bytes are wanted; chosen at random");
        fields.fault("/secret", wanted);
    }
    let name = fields.all(name)?;
    let client = Client {
        id: ports::new_id(),
        name: name.as_str().to_owned(),
        network,
        created_at: caller.now().as_micros(),
        created_by: caller.identity().actor().label().to_owned(),
    };
    let app = caller.app().clone();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (mut all, revision) = kept::load(tx, tenant).await?;
        if all.len() >= MOST {
            let why = format!("A tenant has {MOST} RADIUS clients at most; name a network in place of its addresses.");
            return Err(Failure::refused("full", "create", why));
        }
        all.push(client.clone());
        let revision = kept::save(tx, &all, revision).await?;
        vault::keep(app.keyring(), tx, SECRET, client.id, secret.as_bytes()).await?;
        changed(
            tx,
            "radius_client.created",
            &object(&client, revision),
            None,
            Some(said(&client)),
        );
        Ok(client.clone())
    };
    let client = caller.write(job).await?;
    caller.app().radius().forget();
    Ok(client)
}

/// Takes a client away: its packets are dropped from then on, and its secret is shredded.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn delete(caller: &Caller<SettingsWrite>, id: Uuid) -> Result<(), Failure> {
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (all, revision) = kept::load(tx, tenant).await?;
        let (gone, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|client| client.id == id);
        let gone = gone.first().ok_or(Failure::NotFound)?;
        let revision = kept::save(tx, &left, revision).await?;
        vault::shred(tx, SECRET, id).await?;
        changed(
            tx,
            "radius_client.deleted",
            &object(gone, revision),
            Some(said(gone)),
            None,
        );
        Ok(())
    };
    caller.write(job).await?;
    caller.app().radius().forget();
    Ok(())
}

fn object(client: &Client, revision: i64) -> Object<'_> {
    Object {
        kind: "radius_client",
        id: client.id,
        label: &client.name,
        revision,
    }
}

fn said(client: &Client) -> serde_json::Value {
    json!({ "name": client.name, "network": client.network })
}
