//! Whom packets come from: all tenants' clients with their secrets, as the database had them a moment ago.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
pub(crate) struct Book(Mutex<Known>);

/// What was read, and how often it was forgotten: what was read before a change does not come back after it.
#[derive(Default)]
struct Known {
    changes: u64,
    peers: Option<(Instant, Arc<Vec<Peer>>)>,
}

impl Book {
    /// Has the clients read again for the next packet.
    pub(crate) fn forget(&self) {
        let mut known = self.known();
        known.changes = known.changes.wrapping_add(1);
        known.peers = None;
    }

    /// The clients as they are.
    pub(super) async fn peers(&self, app: &App) -> Result<Arc<Vec<Peer>>, Failure> {
        let changes = {
            let known = self.known();
            if let Some((read, peers)) = &known.peers
                && read.elapsed() < FRESH
            {
                return Ok(peers.clone());
            }
            known.changes
        };
        let read = Instant::now();
        let peers = Arc::new(load(app).await?);
        let mut known = self.known();
        if known.changes == changes {
            known.peers = Some((read, peers.clone()));
        }
        Ok(peers)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
            // A document that cannot be read silences its own tenant's clients, and nobody else's.
            let clients = match kept::read(&document) {
                Ok(clients) => clients,
                Err(error) => {
                    tracing::error!(%tenant, ?error, "the tenant's RADIUS clients cannot be read");
                    continue;
                }
            };
            for client in clients {
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
