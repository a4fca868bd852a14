//! How a client behaves: certificates, patience, repetition.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use reqwest::{Certificate, Url, blocking, redirect};

use super::ClientError;

/// Is told before a request is repeated: why, and in how long.
pub type RetryNotice = Arc<dyn Fn(&str, Duration) + Send + Sync>;

/// How a client behaves.
#[derive(Clone)]
pub struct Options {
    /// Further certificate authorities, PEM; the system's own are trusted in any case.
    pub authorities: Option<Vec<u8>>,
    /// How long an answer may take; uploads and downloads may take as long as they move.
    pub timeout: Duration,
    /// How often a request is repeated when the connection is lost or the server asks to wait.
    pub retries: u32,
    /// The Idempotency-Key of the first change; one is made up when absent.
    pub idempotency_key: Option<String>,
    /// Told before each repetition.
    pub on_retry: Option<RetryNotice>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            authorities: None,
            timeout: Duration::from_mins(2),
            retries: 5,
            idempotency_key: None,
            on_retry: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("timeout", &self.timeout)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

/// Scheme, host and port of a server; a token never crosses a network in clear.
pub(super) fn base(server: &str) -> Result<String, ClientError> {
    let refuse = |why: &str| Err(ClientError::Settings(format!("the server address {server:?} {why}")));
    let Ok(url) = Url::parse(server) else {
        return refuse("is not a URL such as https://claviger.example.org");
    };
    let Some(host) = url.host_str() else {
        return refuse("has no host name");
    };
    let plain = match url.scheme() {
        "https" => false,
        "http" => true,
        _ => return refuse("is neither https:// nor http://"),
    };
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.path() != "/" {
        return refuse("has more than scheme, host and port");
    }
    if plain && !on_this_machine(host) {
        return refuse("would send the API token in clear: use https://");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn on_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The connection pool. Redirects are not followed: a token goes nowhere but where it was sent.
pub(super) fn http(options: &Options) -> Result<blocking::Client, ClientError> {
    let mut builder = blocking::Client::builder()
        .user_agent(concat!("claviger/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .timeout(None);
    if let Some(pem) = &options.authorities {
        let authorities = Certificate::from_pem_bundle(pem).ok().filter(|found| !found.is_empty());
        let Some(authorities) = authorities else {
            return Err(ClientError::Settings(
                "the file of certificate authorities holds no PEM certificate".to_owned(),
            ));
        };
        for authority in authorities {
            builder = builder.add_root_certificate(authority);
        }
    }
    builder
        .build()
        .map_err(|error| ClientError::Settings(super::error::chain(&error)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the client's own port: a key only has to differ from all others"
)]
pub(super) fn fresh_key() -> String {
    uuid::Uuid::now_v7().to_string()
}
