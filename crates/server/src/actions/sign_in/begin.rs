//! Sends a browser to the provider.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use claviger_api::SignInMethod;
use claviger_domain::{TenantId, Timestamp};
use claviger_store::{
    Actor, Reader, Tx,
    ceremonies::{self, Ceremony},
    sign_in_providers::{self, Provider},
    tenants,
};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::{document::Document, secret, settings::redirect_uri};
use crate::{
    App, Failure,
    auth::{
        Visitor, authenticate, bearer,
        limiter::Target,
        oidc::{self, Distrust, Exchange, Ticket},
    },
    ports,
};

pub(super) const KIND: &str = "oidc";
const LIFE_SECONDS: i64 = 600;

/// What the browser is sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To sign in.
    SignIn,
    /// To prove once more who sits there.
    StepUp,
    /// To make somebody who is signed in by means of his own known at the provider.
    Link,
}

/// Where the browser goes, and its ticket.
pub struct Begun {
    /// The provider's page.
    pub address: Url,
    pub(crate) ticket: Ticket,
}

/// What the way back needs to know; nothing in it lets anybody end the sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Errand {
    pub(super) tenant: Uuid,
    pub(super) provider: Uuid,
    /// SHA-256 of the ticket, in hexadecimal digits.
    pub(super) ticket: String,
    pub(super) purpose: Purpose,
    /// SHA-256 of the session's cookie, for what is done in a session.
    pub(super) session: Option<String>,
    pub(super) return_to: String,
    pub(super) begun_at: i64,
}

/// Begins a sign-in at the provider of that key.
///
/// # Errors
/// [`Failure::NotFound`] for a key that nobody has; [`Failure::Unavailable`] when the provider cannot be used;
/// [`Failure::Unauthenticated`] for a step-up or a link without a session; [`Failure::StepUpRequired`] for a link by
/// somebody who did not prove lately who he is: a borrowed browser must not leave itself a way in;
/// [`Failure::RateLimited`] for an address that begins too many.
pub async fn begin(visitor: &Visitor, key: String, purpose: Purpose, return_to: &str) -> Result<Begun, Failure> {
    let app = &visitor.app;
    visitor.guess(Target::Begun).await?;
    let (provider, document) = load(app, key).await?;
    let session = match purpose {
        Purpose::SignIn => None,
        Purpose::StepUp | Purpose::Link => Some(in_session(visitor, provider.tenant, purpose).await?),
    };
    let ticket = Ticket::make()?;
    let state = URL_SAFE_NO_PAD.encode(ports::random::<32>()?);
    let exchange = connect(app, &provider, &document).await.map_err(|distrust| {
        tracing::warn!(%distrust, issuer = document.issuer, "sign-in could not begin");
        Failure::Unavailable(std::time::Duration::from_secs(30))
    })?;
    let now = app.clock().now();
    let errand = Errand {
        tenant: provider.tenant.as_uuid(),
        provider: provider.id,
        ticket: data_encoding::HEXLOWER.encode(&ticket.hash()),
        purpose,
        session: session.map(|hash| data_encoding::HEXLOWER.encode(&hash)),
        return_to: own_page(return_to),
        begun_at: now.as_micros(),
    };
    remember(visitor, &state, &errand, now).await?;
    let address = exchange.address(&ticket, &state, &document.scopes, purpose == Purpose::StepUp);
    Ok(Begun { address, ticket })
}

async fn remember(visitor: &Visitor, state: &str, errand: &Errand, now: Timestamp) -> Result<(), Failure> {
    let kept = Ceremony {
        key_hash: bearer::digest(state),
        kind: KIND.to_owned(),
        body: serde_json::to_string(errand).map_err(Failure::internal)?,
        expires_at: now.plus_seconds(LIFE_SECONDS),
    };
    let scope = visitor.scope(TenantId::SYSTEM, Actor::System("sign-in".to_owned()), ports::new_id());
    let job = async move |tx: &mut Tx| ceremonies::insert(tx, &kept).await.map_err(Failure::from);
    visitor.app.store().write(scope, job).await
}

async fn in_session(visitor: &Visitor, tenant: TenantId, purpose: Purpose) -> Result<[u8; 32], Failure> {
    let none = || Failure::Unauthenticated("Sign in first.");
    let hash = visitor.cookie.ok_or_else(none)?;
    let identity = authenticate::by_session_cookie(&visitor.app, hash).await?;
    let who = identity
        .signed_in()
        .filter(|_| identity.tenant == tenant)
        .ok_or_else(none)?;
    if purpose == Purpose::Link {
        if who.method == SignInMethod::Oidc {
            return Err(none());
        }
        if !who.is_proven(visitor.app.clock().now()) {
            return Err(Failure::StepUpRequired);
        }
    }
    Ok(hash)
}

/// The provider of that key, unless its tenant is suspended.
pub(super) async fn load(app: &App, key: String) -> Result<(Provider, Document), Failure> {
    let provider = app.store().read(async move |reader: &mut Reader| {
        let provider = sign_in_providers::by_key(reader, &key)
            .await?
            .ok_or(Failure::NotFound)?;
        let tenant = tenants::get(reader, provider.tenant).await?;
        if tenant.is_some_and(|tenant| tenant.suspended_at.is_none()) {
            Ok(provider)
        } else {
            Err(Failure::NotFound)
        }
    });
    let provider = provider.await?;
    let document = Document::parse(&provider.document)?;
    Ok((provider, document))
}

/// Reads the provider's description anew: its keys change, and sign-ins are few.
pub(super) async fn connect(app: &App, provider: &Provider, document: &Document) -> Result<Exchange, Distrust> {
    let (tenant, id, keyring) = (provider.tenant, provider.id, app.clone());
    let opened = app
        .store()
        .read(async move |reader| secret::open(reader, keyring.keyring(), tenant, id).await)
        .await
        .map_err(|failure| Distrust::Unusable(format!("its client secret does not open: {failure:?}")))?;
    let client_secret = opened.map(|secret| String::from_utf8_lossy(secret.using()).into_owned());
    let known = oidc::Provider {
        issuer: document.issuer.clone(),
        client_id: document.client_id.clone(),
        client_secret,
        redirect_uri: redirect_uri(app, &provider.public_key),
    };
    Exchange::discover(app.outbound(), known).await
}

/// A path of the console; anything else would make this an open redirect.
fn own_page(wanted: &str) -> String {
    let base = Url::parse("https://own.invalid/").ok();
    let joined = base.and_then(|base| base.join(wanted).ok());
    let own = joined.filter(|url| url.host_str() == Some("own.invalid") && !url.path().starts_with("//"));
    own.map_or_else(
        || "/".to_owned(),
        |url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::own_page;

    #[test]
    fn a_browser_is_sent_back_to_our_own_pages_alone() {
        for (wanted, page) in [
            ("/inventory?tab=stocks", "/inventory?tab=stocks"),
            ("", "/"),
            ("https://evil.example/x", "/"),
            ("//evil.example/x", "/"),
            ("/\\evil.example", "/"),
            ("\\\\evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/a/..//evil.example", "/"),
            ("/\t/evil.example", "/"),
        ] {
            assert_eq!(own_page(wanted), page, "{wanted}");
        }
    }
}
