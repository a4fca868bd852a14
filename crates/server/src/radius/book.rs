//! Whom packets come from: all tenants' clients with their secrets, as the database had them a moment ago.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use claviger_domain::TenantId;
use claviger_store::{settings, tenants};

use crate::{
    App, Failure,
    actions::radius_clients::{self as kept, Client},
    config::Network,
    secrets::{Secret, vault},
};

/// How soon another server's change is seen here.
const FRESH: Duration = Duration::from_secs(5);

/// A client and what it shares.
pub(super) struct Peer {
    pub(super) tenant: TenantId,
    pub(super) name: String,
    pub(super) secret: Secret<Vec<u8>>,
    network: Network,
}

/// The clients, read again when they are stale.
#[derive(Default)]
pub(crate) struct Book(Mutex<Option<(Instant, Arc<Vec<Peer>>)>>);

impl Book {
    /// Has the clients read again for the next packet.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The clients as they are.
    pub(super) async fn peers(&self, app: &App) -> Result<Arc<Vec<Peer>>, Failure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((read, peers)) = known
            && read.elapsed() < FRESH
        {
            return Ok(peers);
        }
        let read = Instant::now();
        let peers = Arc::new(load(app).await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((read, peers.clone()));
        Ok(peers)
    }
}

/// Those whose packets come from this address. Tenants may share a network: whose packet it is, its signature tells.
pub(super) fn of_address(peers: &[Peer], address: IpAddr) -> impl Iterator<Item = &Peer> {
    peers.iter().filter(move |peer| peer.network.contains(address))
}

async fn load(app: &App) -> Result<Vec<Peer>, Failure> {
    let keyring = app.clone();
    let job = async move |reader: &mut claviger_store::Reader| {
        let mut peers = Vec::new();
        for (tenant, document) in settings::everywhere(reader, kept::NAME).await? {
            let known = tenants::get(reader, tenant).await?;
            if known.is_none_or(|known| known.suspended_at.is_some()) {
                continue;
            }
            for client in kept::read(&document)? {
                let secret = vault::open(keyring.keyring(), reader, tenant, kept::SECRET, client.id).await?;
                peers.extend(secret.and_then(|secret| peer(tenant, client, secret)));
            }
        }
        Ok::<_, Failure>(peers)
    };
    app.store().read(job).await
}

fn peer(tenant: TenantId, client: Client, secret: Secret<Vec<u8>>) -> Option<Peer> {
    let network = client.network.parse().ok()?;
    Some(Peer {
        tenant,
        name: client.name,
        secret,
        network,
    })
}
