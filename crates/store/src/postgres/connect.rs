//! Connects: address, encryption, settings of each session.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::Session;
use crate::error::{Error, Fault};
use crate::tx::{Engine, Reader};

/// Locks of a session whose client vanished are released after this; `UTC` and the rest make both ends agree.
const SETTINGS: &str = "-c idle_in_transaction_session_timeout=20s -c tcp_keepalives_idle=10 \
    -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c timezone=UTC -c synchronous_commit=on \
    -c default_transaction_isolation=read\\ committed -c lock_timeout=30s";

/// Where the database is and how to reach it.
#[derive(Clone)]
pub(super) struct Target {
    config: Config,
    tls: Option<Arc<ClientConfig>>,
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        // The engine's message may quote the URL, which may hold a password.
        let mut config: Config = url
            .parse()
            .map_err(|_| Error::inconsistent("the database's URL cannot be read"))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_options().is_none() {
            config.options(SETTINGS);
        }
        if config.get_application_name().is_none() {
            config.application_name("claviger");
        }
        let mode = config.get_ssl_mode();
        let local = mode == SslMode::Prefer && config.get_hosts().iter().all(on_this_machine);
        let encrypted = mode != SslMode::Disable && !local;
        let tls = encrypted.then(client_config).transpose()?;
        Ok(Self { config, tls })
    }

    /// A pool of at most `size` connections, made when needed.
    pub(super) fn pool(&self, size: usize) -> Result<Pool, Error> {
        let settings = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = match &self.tls {
            Some(tls) => {
                let connect = MakeRustlsConnect::new(ClientConfig::clone(tls));
                Manager::from_config(self.config.clone(), connect, settings)
            }
            None => Manager::from_config(self.config.clone(), NoTls, settings),
        };
        Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(30)))
            .build()
            .map_err(|error| Error::driver(Fault::Other, error))
    }
}

/// A reader on a connection of the pool.
pub(super) async fn reader(pool: &Pool) -> Result<Reader, Error> {
    let client = pool.get().await?;
    Ok(Reader::new(Engine::Postgres(Session::new(client))))
}

fn on_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse()
                    .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
        }
        Host::Unix(_) => true,
    }
}

/// Trusts what the operating system trusts; the server's name is always checked.
fn client_config() -> Result<Arc<ClientConfig>, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::driver(Fault::Other, error))?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
