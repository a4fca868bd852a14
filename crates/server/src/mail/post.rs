//! A tenant's mail server: one connection a letter, bounded in time, TLS as the settings say and never less.

use std::{error::Error as _, io, net::SocketAddr, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use claviger_api::MailEncryption;
use claviger_domain::TenantId;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    transport::smtp::{
        self,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
        response::Response,
    },
};
use zeroize::Zeroizing;

use super::tls::certificates;
use crate::{
    App, Failure,
    actions::settings::{self, MailServer},
    outbox::Outcome,
    reach::Unresolved,
};

/// Characters of a mail server's words that are kept.
const KEPT: usize = 300;

/// A tenant's mail server, ready to take letters.
pub(super) struct Post {
    first: AsyncSmtpTransport<Tokio1Executor>,
    /// To the other addresses that the server's name leads to.
    further: Vec<AsyncSmtpTransport<Tokio1Executor>>,
    patience: Duration,
    /// What a server's words must not repeat.
    hidden: Vec<Zeroizing<String>>,
}

/// Why there is no post.
pub(super) enum NoPost {
    /// The settings do not lead anywhere; says why.
    Unusable(String),
    /// Something failed here.
    Failed(Failure),
}

impl From<Failure> for NoPost {
    fn from(failure: Failure) -> Self {
        if matches!(failure, Failure::Sealed) {
            Self::Unusable("The mail server's password is sealed and cannot be opened.".to_owned())
        } else {
            Self::Failed(failure)
        }
    }
}

impl Post {
    /// The post of a tenant with this mail server.
    pub(super) async fn open(app: &App, tenant: TenantId, server: &MailServer) -> Result<Self, NoPost> {
        let password = match (&server.user_name, server.password_set_at) {
            (Some(_), Some(_)) => password(app, tenant).await?,
            (Some(_) | None, _) => None,
        };
        let patience = app.config().mail_timeout;
        let tls = tls(server).map_err(NoPost::Unusable)?;
        let host = app.origin().host_str().unwrap_or("localhost").to_owned();
        let mut credentials = None;
        let mut hidden = Vec::new();
        if let (Some(name), Some(password)) = (&server.user_name, &password) {
            let both = Zeroizing::new(format!("\0{name}\0{}", password.as_str()));
            hidden.push(Zeroizing::new(STANDARD.encode(both.as_bytes())));
            hidden.push(Zeroizing::new(STANDARD.encode(password.as_bytes())));
            hidden.push(password.clone());
            credentials = Some(Credentials::new(name.clone(), password.as_str().to_owned()));
        }
        // By address, so that the name is not looked up again; TLS asks for the name all the same.
        let (first, further) = addresses(app, server, patience).await?;
        let to = |address: SocketAddr| {
            let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
                .port(address.port())
                .hello_name(ClientId::Domain(host.clone()))
                .timeout(Some(patience))
                .tls(tls.clone());
            match &credentials {
                Some(credentials) => builder.credentials(credentials.clone()).build(),
                None => builder.build(),
            }
        };
        Ok(Self {
            first: to(first),
            further: further.into_iter().map(to).collect(),
            patience,
            hidden,
        })
    }

    /// Hands a letter over; the server's words on success, otherwise what became of it.
    pub(super) async fn hand_over(&self, letter: Message) -> Result<String, Outcome> {
        match tokio::time::timeout(self.patience, self.send(letter)).await {
            Ok(Ok(answer)) => Ok(self.without_secrets(&answer.message().collect::<Vec<_>>().join(" "))),
            Ok(Err(error)) => Err(self.fault(&error)),
            Err(_) => Err(Outcome::Down(format!(
                "The mail server did not answer within {} seconds.",
                self.patience.as_secs()
            ))),
        }
    }

    /// Sends to the first address that takes a connection.
    async fn send(&self, letter: Message) -> Result<Response, smtp::Error> {
        let mut settled = self.first.send(letter.clone()).await;
        for next in &self.further {
            if !settled.as_ref().is_err_and(is_unconnected) {
                break;
            }
            settled = next.send(letter.clone()).await;
        }
        settled
    }

    fn fault(&self, error: &smtp::Error) -> Outcome {
        let mut said = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            let words = cause.to_string();
            if !said.contains(&words) {
                said = format!("{said}: {words}");
            }
            next = cause.source();
        }
        let said = self.without_secrets(&said);
        match error.status().map(u16::from) {
            // Signing in (RFC 4954 §6): the settings are wrong, not the letter.
            Some(530 | 534 | 535 | 538 | 454 | 421) => Outcome::Down(said),
            Some(500..=599) => Outcome::Refused(said),
            Some(_) => Outcome::Later(said),
            // A letter that cannot be said to this server at all, such as one to an address beyond ASCII.
            None if error.is_client() => Outcome::Later(said),
            None => Outcome::Down(said),
        }
    }

    /// A server's words, short, on one line, and without what it was told in confidence.
    fn without_secrets(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for hidden in self.hidden.iter().filter(|one| !one.is_empty()) {
            words = words.replace(hidden.as_str(), "***");
        }
        let line = words.chars().map(|c| if c.is_control() { ' ' } else { c });
        line.take(KEPT).collect::<String>().trim().to_owned()
    }
}

/// The first address of the mail server, and the others.
async fn addresses(
    app: &App,
    server: &MailServer,
    patience: Duration,
) -> Result<(SocketAddr, Vec<SocketAddr>), NoPost> {
    let reach = app.config().reach;
    let found = tokio::time::timeout(patience, reach.addresses(&server.host, server.port)).await;
    let why = match found {
        Ok(Ok(found)) => return Ok(found),
        Ok(Err(Unresolved::Name(cause))) => format!("The mail server's name leads nowhere: {cause}."),
        Ok(Err(Unresolved::OutOfReach(why))) => format!("The mail server is not asked: {why}."),
        Err(_) => format!(
            "The mail server's name was not found within {} seconds.",
            patience.as_secs()
        ),
    };
    Err(NoPost::Unusable(why))
}

/// Whether there was never a connection, so that nothing was handed over.
fn is_unconnected(error: &smtp::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| {
        matches!(
            cause.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::AddrNotAvailable
        )
    })
}

async fn password(app: &App, tenant: TenantId) -> Result<Option<Zeroizing<String>>, NoPost> {
    let server = app.clone();
    let opened = app
        .store()
        .read(async move |reader| settings::mail_password(reader, server.keyring(), tenant).await)
        .await?;
    let text = opened.map(|secret| String::from_utf8(secret.using().clone()).map(Zeroizing::new));
    text.transpose()
        .map_err(|_| NoPost::Unusable("The mail server's password is no text.".to_owned()))
}

fn tls(server: &MailServer) -> Result<Tls, String> {
    if server.encryption == MailEncryption::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(server.host.clone());
    if let Some(pem) = &server.ca_certificates {
        for trusted in certificates(pem)? {
            let certificate = Certificate::from_der(trusted.to_vec()).map_err(|error| error.to_string())?;
            parameters = parameters.add_root_certificate(certificate);
        }
    }
    let parameters = parameters.build().map_err(|error| error.to_string())?;
    Ok(match server.encryption {
        MailEncryption::Tls => Tls::Wrapper(parameters),
        MailEncryption::Starttls => Tls::Required(parameters),
        MailEncryption::None => Tls::None,
    })
}
