//! From a provider's settings to the address to send a browser to, and from the code it comes back with to claims
//! that hold: signature by the provider's own keys, issuer, audience, time, nonce (OpenID Connect Core §3.1.3.7).

use claviger_domain::Timestamp;
use openidconnect::{
    AccessToken, AdditionalClaims, AuthType, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl,
    OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse,
    StandardTokenResponse, SubjectIdentifier, TokenResponse as _, UserInfoClaims, UserInfoError,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata,
        CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
        CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{Distrust, Outbound, Ticket, is_allowed};

/// Signatures that only the provider can make. Shared secrets are none, and `none` is none.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];
/// How far the provider's clock may be behind ours when it says when somebody signed in.
const SKEW_SECONDS: i64 = 60;

/// Claims that the standard does not name, groups among them.
#[derive(Debug, Serialize, Deserialize)]
struct Further {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Further {}

type Fields =
    IdTokenFields<Further, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, Algorithm>;
type Connected = Client<
    Further,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What is known of a provider.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<String>,
    pub(crate) redirect_uri: String,
}

/// A provider whose own description was read.
pub(crate) struct Exchange {
    client: Connected,
    outbound: Outbound,
}

/// Who signed in, as the provider says; what it says was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) groups: Vec<String>,
}

impl Exchange {
    /// Reads the provider's description and keys.
    ///
    /// # Errors
    /// [`Distrust::Unusable`], also for a description that names another issuer.
    pub(crate) async fn discover(outbound: &Outbound, provider: Provider) -> Result<Self, Distrust> {
        let issuer = IssuerUrl::new(provider.issuer).map_err(unusable)?;
        let outbound = outbound.to(issuer.url());
        let described = CoreProviderMetadata::discover_async(issuer, &outbound)
            .await
            .map_err(unusable)?;
        if !is_allowed(described.authorization_endpoint().url()) {
            return Err(Distrust::Unusable("its sign-in page is not served over TLS".to_owned()));
        }
        let basic = described
            .token_endpoint_auth_methods_supported()
            .is_none_or(|all| all.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let client = Connected::from_provider_metadata(
            described,
            ClientId::new(provider.client_id),
            provider.client_secret.map(ClientSecret::new),
        )
        .set_auth_type(if basic {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        })
        .set_redirect_uri(RedirectUrl::new(provider.redirect_uri).map_err(unusable)?);
        Ok(Self { client, outbound })
    }

    /// Where people are sent.
    pub(crate) fn sign_in_page(&self) -> String {
        self.client.auth_uri().to_string()
    }

    /// The address to send a browser to. With `anew` the provider has to ask who sits there.
    pub(crate) fn address(&self, ticket: &Ticket, state: &str, scopes: &[String], anew: bool) -> Url {
        let (state, nonce) = (CsrfToken::new(state.to_owned()), ticket.nonce());
        let mut request = self
            .client
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || state,
                || nonce,
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&ticket.verifier()));
        for scope in scopes.iter().filter(|scope| *scope != "openid") {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if anew {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(std::time::Duration::ZERO);
        }
        request.url().0
    }

    /// Exchanges a code for claims. `since` is when the browser was sent to sign in anew, if it was.
    ///
    /// # Errors
    /// [`Distrust`] says which check failed.
    pub(crate) async fn claims(
        &self,
        ticket: &Ticket,
        code: String,
        groups_claim: &str,
        now: Timestamp,
        since: Option<Timestamp>,
    ) -> Result<Claims, Distrust> {
        let tokens = self
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(unusable)?
            .set_pkce_verifier(ticket.verifier())
            .request_async(&self.outbound)
            .await
            .map_err(refused)?;
        let id_token = tokens
            .id_token()
            .ok_or_else(|| Distrust::Token("there is none".to_owned()))?;
        let verifier = self
            .client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || time(now))
            .set_auth_time_verifier_fn(move |at| match (since, at) {
                (None, _) => Ok(()),
                (Some(since), Some(at)) if at >= time(since.plus_seconds(-SKEW_SECONDS)) => Ok(()),
                (Some(_), _) => Err("nobody signed in anew".to_owned()),
            });
        let claims = id_token
            .claims(&verifier, &ticket.nonce())
            .map_err(|cause| Distrust::Token(cause.to_string()))?;
        let email = claims.email().filter(|_| claims.email_verified() != Some(false));
        let mut read = Claims {
            subject: claims.subject().to_string(),
            email: email.map(|email| email.to_string()),
            display_name: claims
                .name()
                .and_then(|name| name.get(None))
                .map(|name| name.to_string()),
            groups: groups(&claims.additional_claims().all, groups_claim).unwrap_or_default(),
        };
        let said = claims.additional_claims().all.contains_key(groups_claim);
        if !said || read.email.is_none() {
            self.complete(&mut read, tokens.access_token(), groups_claim).await?;
        }
        Ok(read)
    }

    /// Asks for what the token leaves out, where the provider answers such questions (§5.3).
    async fn complete(&self, read: &mut Claims, access: &AccessToken, groups_claim: &str) -> Result<(), Distrust> {
        let subject = SubjectIdentifier::new(read.subject.clone());
        let Ok(request) = self.client.user_info(access.clone(), Some(subject)) else {
            return Ok(());
        };
        let answer = request.request_async(&self.outbound).await;
        let more: UserInfoClaims<Further, CoreGenderClaim> = answer.map_err(unclear)?;
        if let Some(groups) = groups(&more.additional_claims().all, groups_claim) {
            read.groups = groups;
        }
        let email = more.email().filter(|_| more.email_verified() != Some(false));
        read.email = read.email.take().or_else(|| email.map(|email| email.to_string()));
        read.display_name = read
            .display_name
            .take()
            .or_else(|| more.name().and_then(|name| name.get(None)).map(|name| name.to_string()));
        Ok(())
    }
}

/// A list of texts, or one text; anything else names no group.
fn groups(claims: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let said = claims.get(name)?;
    let several = said.as_array().map(|all| all.iter().filter_map(text).collect());
    Some(several.unwrap_or_else(|| text(said).into_iter().collect()))
}

fn time(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_micros(at.as_micros()).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
}

/// Why the provider says nothing of a person. Nothing of its answer either: it was told its own token.
fn unclear<E: std::error::Error + 'static>(cause: UserInfoError<E>) -> Distrust {
    if let UserInfoError::Request(cause) = cause {
        return unusable(cause);
    }
    Distrust::Unusable("its answer about the person cannot be used".to_owned())
}

/// Why no token was given. Nothing of what the provider answered: it was just told the client secret and the code, and
/// one that helps to find a mistake repeats them.
fn refused<E: std::error::Error>(
    cause: RequestTokenError<E, StandardErrorResponse<CoreErrorResponseType>>,
) -> Distrust {
    let said = match &cause {
        RequestTokenError::Request(_) => return unusable(cause),
        RequestTokenError::ServerResponse(said) => said.error(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            return Distrust::Unusable("its answer to the code cannot be read".to_owned());
        }
    };
    let own = matches!(said, CoreErrorResponseType::Extension(_));
    let known = if own { "a reason of its own" } else { said.as_ref() };
    Distrust::Unusable(format!("it refuses the code: {known}"))
}

/// The cause with what lies under it.
fn unusable(cause: impl std::error::Error) -> Distrust {
    let mut text = cause.to_string();
    let mut under = cause.source();
    while let Some(deeper) = under {
        text = format!("{text}: {deeper}");
        under = deeper.source();
    }
    Distrust::Unusable(text)
}
