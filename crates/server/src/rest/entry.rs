//! What the boundary knows of every request before anyone is asked who he is.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
    http::{HeaderMap, request::Parts},
};

use crate::{App, Failure, config::Network, ports};

/// A request's name, its client's address, and the server that serves it.
#[derive(Clone)]
pub struct Entry {
    app: App,
    request_id: Arc<str>,
    address: IpAddr,
}

impl Entry {
    pub(super) fn of(app: &App, request: &Request) -> Self {
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| {
                peer.ip().to_canonical()
            });
        let address = client_address(peer, request.headers(), &app.config().trusted_proxies);
        Self {
            app: app.clone(),
            request_id: ports::new_id().to_string().into(),
            address,
        }
    }

    /// The server.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Names the request in log, problems and audit events.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The client's address.
    #[must_use]
    pub const fn address(&self) -> IpAddr {
        self.address
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Entry {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Failure::internal("a request came in beside the boundary"))
    }
}

/// The nearest address in `X-Forwarded-For` that is not a trusted proxy, read from the right: what stands further
/// left was written by the client.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut nearest = peer;
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = hop.trim().parse::<IpAddr>() else {
            return nearest;
        };
        nearest = address.to_canonical();
        if !is_trusted(nearest) {
            return nearest;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::client_address;

    #[test]
    fn only_trusted_proxies_are_believed_and_only_their_own_words() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 192.0.2.7"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.2"));
        let of = |peer: &str| client_address(peer.parse().unwrap(), &headers, &trusted).to_string();
        assert_eq!(of("10.0.0.1"), "192.0.2.7");
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_eq!(
            client_address("10.0.0.1".parse().unwrap(), &HeaderMap::new(), &trusted).to_string(),
            "10.0.0.1"
        );
    }
}
