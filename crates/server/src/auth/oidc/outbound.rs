//! Requests to providers: over TLS or to this very machine, no redirects, bounded in time and size.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use url::{Host, Url};

use crate::reach::{OutOfReach, Reach, out_of_reach};

const CONNECTING: Duration = Duration::from_secs(5);
const IN_ALL: Duration = Duration::from_secs(10);
const MOST_BYTES: usize = 1024 * 1024;

/// The HTTP client; made with the first sign-in, since reading the system's certificates takes its time.
#[derive(Clone, Default)]
pub(crate) struct Outbound {
    client: Arc<OnceLock<reqwest::Client>>,
    reach: Reach,
    /// Whether the provider is elsewhere: plain HTTP is for those on this very machine.
    tls_alone: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error("only https:// is asked, or http:// on this very machine")]
    Insecure,
    #[error("{0}")]
    Http(reqwest::Error),
    #[error("{0}")]
    OutOfReach(#[from] OutOfReach),
    #[error("the answer is larger than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("{0}")]
    Malformed(#[from] http::Error),
}

/// Whether an address may be asked on behalf of a provider: `https`, or `http` on loopback.
#[must_use]
pub(crate) fn is_allowed(address: &Url) -> bool {
    match address.scheme() {
        "https" => address.host().is_some(),
        "http" => match address.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        },
        _ => false,
    }
}

impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let own = self.clone();
        Box::pin(async move { own.send(request).await })
    }
}

impl From<reqwest::Error> for NoAnswer {
    fn from(error: reqwest::Error) -> Self {
        out_of_reach(&error).map_or(Self::Http(error), Self::OutOfReach)
    }
}

impl Outbound {
    /// Asks no address beyond this reach.
    pub(crate) fn new(reach: Reach) -> Self {
        Self {
            reach,
            ..Self::default()
        }
    }

    /// The same for one issuer. One that is elsewhere does not send us to services of this machine.
    pub(crate) fn to(&self, issuer: &Url) -> Self {
        Self {
            client: Arc::clone(&self.client),
            reach: self.reach,
            tls_alone: issuer.scheme() == "https",
        }
    }

    /// Sends one request.
    ///
    /// # Errors
    /// [`NoAnswer`]; redirects are answers like any other.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let request = reqwest::Request::try_from(request)?;
        if !is_allowed(request.url()) || (self.tls_alone && request.url().scheme() != "https") {
            return Err(NoAnswer::Insecure);
        }
        // The client looks names up by the same rule; addresses it takes as they are.
        match request.url().host() {
            Some(Host::Ipv4(ip)) => self.reach.judge(ip.into())?,
            Some(Host::Ipv6(ip)) => self.reach.judge(ip.into())?,
            Some(Host::Domain(_)) | None => {}
        }
        let mut response = self.client()?.execute(request).await?;
        let mut answer = http::Response::builder().status(response.status());
        for (name, value) in response.headers() {
            answer = answer.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > MOST_BYTES {
                return Err(NoAnswer::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        Ok(answer.body(body)?)
    }

    fn client(&self) -> Result<&reqwest::Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let made = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(self.reach))
            .connect_timeout(CONNECTING)
            .timeout(IN_ALL)
            .user_agent(concat!("claviger/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(self.client.get_or_init(|| made))
    }
}

#[cfg(test)]
mod tests {
    use super::{Outbound, Reach, is_allowed};

    #[tokio::test]
    async fn a_provider_elsewhere_does_not_send_us_to_this_machine() {
        let elsewhere = Outbound::default().to(&"https://id.example.org".parse().unwrap());
        let request = openidconnect::http::Request::get("http://127.0.0.1:9/metadata");
        let refused = elsewhere.send(request.body(Vec::new()).unwrap()).await;
        assert!(matches!(refused, Err(super::NoAnswer::Insecure)), "{refused:?}");
    }

    #[tokio::test]
    async fn services_of_this_machine_are_asked_only_when_whoever_runs_it_says_so() {
        let nobody = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        for (host, local, refused) in [
            ("127.0.0.1", false, true),
            ("[::1]", false, true),
            ("localhost", false, true),
            ("127.0.0.1", true, false),
            ("localhost", true, false),
            ("169.254.169.254", true, true),
        ] {
            let outbound = Outbound::new(Reach::new(local));
            let request = openidconnect::http::Request::get(format!("https://{host}:{nobody}/"));
            let answer = outbound.send(request.body(Vec::new()).unwrap()).await;
            let by_the_rule = matches!(answer, Err(super::NoAnswer::OutOfReach(_)));
            assert_eq!(by_the_rule, refused, "{host}: {answer:?}");
        }
    }

    #[test]
    fn providers_are_asked_over_tls_or_on_this_machine() {
        for (address, allowed) in [
            ("https://id.example.org/tenant", true),
            ("http://localhost:9000", true),
            ("http://127.0.0.1:9000", true),
            ("http://[::1]:9000", true),
            ("http://id.example.org", false),
            ("http://localhost.example.org", false),
            ("http://10.0.0.1", false),
            ("ftp://localhost", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(is_allowed(&address.parse().unwrap()), allowed, "{address}");
        }
    }
}
