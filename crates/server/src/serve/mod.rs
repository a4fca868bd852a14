//! Starting and stopping: opens the database and the port, runs what runs beside the requests, drains at the end.

mod background;
mod tls;

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::{Handle, accept::NoDelayAcceptor};
use claviger_store::{Store, StoreConfig, administrators, secrets::data_keys};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto::Builder,
};
use tokio::{net::UdpSocket, task::JoinHandle};
use url::Url;

use crate::{
    App, Config, Failure, actions,
    app::Making,
    auth::passwords::Passwords,
    identity_provider::{IdentityProviders, NoneConnected},
    local,
    ports::Clock,
    rest,
    secrets::{KekError, Keyring},
};

/// All headers of a request together, in bytes.
const HEADERS: usize = 64 * 1024;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder or the port cannot be used.
    #[error("{0}: {1}")]
    Io(String, std::io::Error),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Store(#[from] claviger_store::Error),
    /// The key-encryption key cannot be used.
    #[error(transparent)]
    Kek(#[from] KekError),
    /// The database is not the one that this server last ran on.
    #[error(transparent)]
    Local(#[from] local::LocalError),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<Failure> for StartError {
    fn from(failure: Failure) -> Self {
        Self::Other(format!("{failure:?}"))
    }
}

/// A server that answers.
pub struct Running {
    app: App,
    address: SocketAddr,
    radius_address: Option<SocketAddr>,
    handle: Handle<SocketAddr>,
    server: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
    jobs: JoinHandle<()>,
    outbox: JoinHandle<()>,
    /// Held for as long as the server runs.
    _lock: std::fs::File,
}

/// What tests choose beside the settings.
#[derive(Default)]
pub struct Choices {
    /// The time.
    pub clock: Clock,
    /// A cheaper password pool.
    pub passwords: Option<Passwords>,
    /// What leads to identity providers; nothing by default.
    pub identity_providers: Option<Arc<dyn IdentityProviders>>,
}

/// Opens everything and answers from then on.
///
/// # Errors
/// Says what cannot be used.
pub async fn start(config: Config, choices: Choices) -> Result<Running, StartError> {
    local::private::folder(&config.data).map_err(|error| StartError::Io(config.data.display().to_string(), error))?;
    let (listener, address) = listen(config.listen)?;
    let radius = match config.radius_listen {
        Some(address) => Some(listen_radius(address).await?),
        None => None,
    };
    let lock = local::lock::share(&config.data)?;
    let store = Store::open(&StoreConfig::parse(&config.database)?).await?;
    local::rollback::at_start(&config.data, &store, &choices.clock).await?;
    let keyring = Keyring::new(config.kek.load(is_empty(&store).await?)?).with_old(config.kek.load_old()?);
    if keyring.is_sealed() {
        tracing::warn!("no key-encryption key: the server runs sealed, secrets can be neither kept nor shown");
    }
    let passwords = match choices.passwords {
        Some(passwords) => passwords,
        None => Passwords::new(config.password_workers)?,
    };
    let origin = origin(&config, address)?;
    let app = App::new(Making {
        config,
        origin,
        store,
        clock: choices.clock,
        keyring,
        passwords,
        identity_providers: choices.identity_providers.unwrap_or_else(|| Arc::new(NoneConnected)),
    })?;
    actions::imports::sweep(&app.config().data)
        .map_err(|error| StartError::Io("the folder of uploads".to_owned(), error))?;
    let mut background = background::start(&app);
    let mut radius_address = None;
    if let Some(socket) = radius {
        radius_address = socket.local_addr().ok();
        background.push(tokio::spawn(crate::radius::run(app.clone(), socket)));
    }
    let jobs = tokio::spawn(crate::jobs::run(app.clone()));
    let outbox = tokio::spawn(crate::outbox::run(app.clone()));
    let handle = Handle::new();
    let server = tokio::spawn(answer(app.clone(), listener, handle.clone()));
    Ok(Running {
        app,
        address,
        radius_address,
        handle,
        server,
        background,
        jobs,
        outbox,
        _lock: lock,
    })
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let fault = |error| StartError::Io(format!("cannot listen on {address}"), error);
    let listener = TcpListener::bind(address).map_err(fault)?;
    listener.set_nonblocking(true).map_err(fault)?;
    let address = listener.local_addr().map_err(fault)?;
    Ok((listener, address))
}

async fn listen_radius(address: SocketAddr) -> Result<UdpSocket, StartError> {
    let fault = |error| StartError::Io(format!("cannot answer RADIUS on {address}"), error);
    UdpSocket::bind(address).await.map_err(fault)
}

/// Whether nothing is there yet that a key-encryption key could have sealed.
pub(crate) async fn is_empty(store: &Store) -> Result<bool, claviger_store::Error> {
    store
        .read(async |reader| Ok(!administrators::any(reader).await? && data_keys::all(reader).await?.is_empty()))
        .await
}

fn origin(config: &Config, address: SocketAddr) -> Result<Url, StartError> {
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let assumed = || format!("{scheme}://localhost:{}", address.port()).parse();
    config
        .public_url
        .clone()
        .map_or_else(assumed, Ok)
        .map_err(|error: url::ParseError| StartError::Other(error.to_string()))
}

async fn answer(app: App, listener: TcpListener, handle: Handle<SocketAddr>) -> std::io::Result<()> {
    let service = rest::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    match app.config().tls.clone() {
        None => {
            let mut server = axum_server::from_tcp(listener)?
                .acceptor(NoDelayAcceptor::new())
                .handle(handle);
            bound(server.http_builder(), &app);
            server.serve(service).await
        }
        Some(files) => {
            let watched = tls::Watched::begin(files);
            let tls = watched.load().await?;
            let reload = tokio::spawn(watched.keep_fresh(tls.clone()));
            let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
            bound(server.http_builder(), &app);
            let ended = server.serve(service).await;
            reload.abort();
            ended
        }
    }
}

/// Bounds what a connection may cost before a request stands: a client that sends its headers byte by byte, or sends
/// nothing, is let go; so is one that opens streams without end.
fn bound(builder: &mut Builder<TokioExecutor>, app: &App) {
    let patience = app.config().request_timeout;
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(patience))
        .max_header_list_size(64 * 1024)
        .max_concurrent_streams(256);
}

impl Running {
    /// The server.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it answers RADIUS, if it does.
    #[must_use]
    pub const fn radius_address(&self) -> Option<SocketAddr> {
        self.radius_address
    }

    /// The link for the first administrator, while there is none.
    ///
    /// # Errors
    /// What the store meets.
    pub async fn first_run_link(&self) -> Result<Option<actions::setup::Link>, Failure> {
        actions::setup::first_run_link(&self.app).await
    }

    /// Stops: takes no more connections, lets requests end, ends streams, closes the store.
    pub async fn stop(self) {
        self.app.stop();
        let patience = self.app.config().shutdown;
        self.handle.graceful_shutdown(Some(patience));
        let server = self.server;
        if tokio::time::timeout(patience + Duration::from_secs(1), server)
            .await
            .is_err()
        {
            tracing::warn!("some requests were cut off");
        }
        // Jobs at work put themselves back before their next chunk.
        let _ended = tokio::time::timeout(patience, self.jobs).await;
        // A letter under way is waited for: cut off after it was taken, it would be sent again.
        let outbox = self.outbox.abort_handle();
        if tokio::time::timeout(patience, self.outbox).await.is_err() {
            outbox.abort();
        }
        for task in self.background {
            task.abort();
            let _ended = task.await;
        }
        self.app.store().close().await;
        tracing::info!("stopped");
    }

    /// Waits until the server is told to stop, by SIGTERM or an interrupt, or fails.
    pub async fn told_to_stop(&mut self) {
        let interrupted = tokio::signal::ctrl_c();
        tokio::select! {
            _ = interrupted => {}
            () = terminated() => {}
            ended = &mut self.server => tracing::error!(?ended, "the server ended by itself"),
        }
    }
}

#[cfg(unix)]
async fn terminated() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
