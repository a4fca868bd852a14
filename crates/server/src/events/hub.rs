//! The hub: a bounded queue per console, so that a slow one is told it missed something and holds nobody up.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use claviger_domain::TenantId;
use claviger_store::{Change, Store};
use tokio::sync::{broadcast, watch};

/// Commits that a console may lag behind.
const BACKLOG: usize = 256;

type Told = std::sync::Arc<[Change]>;

/// Tells each tenant's consoles what changed.
pub struct Hub {
    tenants: Mutex<HashMap<TenantId, broadcast::Sender<Told>>>,
    closed: watch::Sender<bool>,
}

/// One console's ear.
pub struct Follower {
    told: broadcast::Receiver<Told>,
    closed: watch::Receiver<bool>,
}

/// What a follower hears.
#[derive(Debug)]
pub enum Heard {
    /// A commit changed this.
    Changes(Told),
    /// Some commits were missed.
    Missed,
    /// The server stops.
    Closed,
}

impl Hub {
    /// A hub without consoles.
    #[must_use]
    pub fn new() -> Self {
        Self {
            tenants: Mutex::default(),
            closed: watch::Sender::new(false),
        }
    }

    /// Listens for a tenant's changes from now on.
    #[must_use]
    pub fn follow(&self, tenant: TenantId) -> Follower {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = tenants.entry(tenant).or_insert_with(|| broadcast::channel(BACKLOG).0);
        Follower {
            told: sender.subscribe(),
            closed: self.closed.subscribe(),
        }
    }

    /// Tells a tenant's consoles.
    pub fn tell(&self, tenant: TenantId, changes: Vec<Change>) {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = tenants.get(&tenant) else { return };
        if sender.send(changes.into()).is_err() {
            tenants.remove(&tenant);
        }
    }

    /// Tells every console that it missed something.
    fn tell_missed(&self) {
        // A follower of a dropped sender hears that it missed something and follows anew.
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Tells a tenant's consoles that they missed something.
    pub fn tell_missed_to(&self, tenant: TenantId) {
        self.tenants
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&tenant);
    }

    /// The tenants whose consoles follow.
    #[must_use]
    pub fn tenants(&self) -> Vec<TenantId> {
        let tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let followed = tenants.iter().filter(|(_, sender)| sender.receiver_count() > 0);
        followed.map(|(tenant, _)| *tenant).collect()
    }

    /// How many consoles follow.
    #[must_use]
    pub fn followers(&self) -> usize {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.retain(|_, sender| sender.receiver_count() > 0);
        tenants.values().map(broadcast::Sender::receiver_count).sum()
    }

    /// Ends every stream.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Carries the store's commits to the consoles until the server stops.
    pub async fn carry(&self, store: &Store) {
        let mut commits = store.changes();
        let mut closed = self.closed.subscribe();
        loop {
            let commit = tokio::select! {
                commit = commits.recv() => commit,
                _ = closed.wait_for(|closed| *closed) => return,
            };
            match commit {
                Ok((tenant, changes)) => self.tell(tenant, changes),
                Err(broadcast::error::RecvError::Lagged(_)) => self.tell_missed(),
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }
}

impl Default for Hub {
    fn default() -> Self {
        Self::new()
    }
}

impl Follower {
    /// The next commit, or that some were missed.
    pub async fn hear(&mut self) -> Heard {
        tokio::select! {
            biased;
            _ = self.closed.wait_for(|closed| *closed) => Heard::Closed,
            told = self.told.recv() => match told {
                Ok(changes) => Heard::Changes(changes),
                Err(broadcast::error::RecvError::Lagged(_) | broadcast::error::RecvError::Closed) => Heard::Missed,
            },
        }
    }
}
