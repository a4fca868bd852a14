//! `App`: what a running server is made of. Clones share it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use claviger_store::Store;
use url::Url;

use crate::{
    Config, Failure,
    auth::{cache::Identities, limiter::Limiter, oidc::Outbound, passkeys::Passkeys, passwords::Passwords},
    events::{Elsewhere, Hub},
    identity_provider::IdentityProviders,
    jobs::Jobs,
    outbox::Outbox,
    ports::Clock,
    radius::Book,
    secrets::Keyring,
    telemetry::Metrics,
};

/// A running server.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    config: Config,
    origin: Url,
    store: Store,
    clock: Clock,
    keyring: Keyring,
    passwords: Passwords,
    passkeys: Passkeys,
    limiter: Limiter,
    identities: Identities,
    outbound: Outbound,
    events: Hub,
    elsewhere: Elsewhere,
    jobs: Jobs,
    outbox: Outbox,
    radius: Book,
    identity_providers: Arc<dyn IdentityProviders>,
    metrics: Metrics,
    stopping: AtomicBool,
}

/// What a server is put together from.
pub struct Making {
    /// Settings.
    pub config: Config,
    /// How browsers reach it.
    pub origin: Url,
    /// Its database.
    pub store: Store,
    /// Its time.
    pub clock: Clock,
    /// Its keys.
    pub keyring: Keyring,
    /// Its password pool.
    pub passwords: Passwords,
    /// What leads to identity providers.
    pub identity_providers: Arc<dyn IdentityProviders>,
}

impl App {
    /// Puts a server together; nothing runs yet.
    ///
    /// # Errors
    /// When the origin cannot be a relying party.
    pub fn new(making: Making) -> Result<Self, Failure> {
        let Making {
            config,
            origin,
            store,
            clock,
            keyring,
            passwords,
            identity_providers,
        } = making;
        Ok(Self(Arc::new(Parts {
            passkeys: Passkeys::new(&origin)?,
            limiter: Limiter::new(config.sign_in_attempts, config.sign_in_starts),
            identities: Identities::default(),
            outbound: Outbound::new(config.reach),
            events: Hub::new(),
            elsewhere: Elsewhere::default(),
            jobs: Jobs::new(),
            outbox: Outbox::default(),
            radius: Book::default(),
            identity_providers,
            metrics: Metrics::installed(),
            stopping: AtomicBool::new(false),
            config,
            origin,
            store,
            clock,
            keyring,
            passwords,
        })))
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// How browsers reach the server.
    #[must_use]
    pub fn origin(&self) -> &Url {
        &self.0.origin
    }

    /// Whether browsers reach it over TLS.
    #[must_use]
    pub fn speaks_tls(&self) -> bool {
        self.0.origin.scheme() == "https"
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The keys that seal secrets.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    /// The password pool.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Passkey ceremonies.
    #[must_use]
    pub fn passkeys(&self) -> &Passkeys {
        &self.0.passkeys
    }

    /// Clients that ask through RADIUS.
    #[must_use]
    pub(crate) fn radius(&self) -> &Book {
        &self.0.radius
    }

    /// The bound on guessing.
    #[must_use]
    pub fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// Identities of a moment ago.
    #[must_use]
    pub fn identities(&self) -> &Identities {
        &self.0.identities
    }

    /// How identity providers are asked.
    #[must_use]
    pub(crate) fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    /// The events stream's hub.
    #[must_use]
    pub fn events(&self) -> &Hub {
        &self.0.events
    }

    /// What other servers on the same database change.
    #[must_use]
    pub fn elsewhere(&self) -> &Elsewhere {
        &self.0.elsewhere
    }

    /// The jobs runner.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The outbox.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    /// What leads to identity providers.
    #[must_use]
    pub fn identity_providers(&self) -> &dyn IdentityProviders {
        self.0.identity_providers.as_ref()
    }

    /// The figures.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Whether the server takes no new work.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Acquire)
    }

    /// Takes no new work from now on; streams end.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Release);
        self.0.events.close();
        self.0.jobs.stop();
        self.0.outbox.wake();
    }
}
