//! What ties the two halves of a sign-in together: a secret that only this browser holds, in a cookie, from which the
//! PKCE verifier (RFC 7636) and the nonce are made. So nothing that is stored lets anybody end the sign-in, and every
//! server on the database can.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cookie::Cookie;
use openidconnect::{Nonce, PkceCodeVerifier};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    auth::{bearer, cookies::header_of},
    ports::{self, NoEntropy},
};

const COOKIE: &str = "__Host-claviger-oidc";

/// The browser's secret.
pub(crate) struct Ticket(Zeroizing<String>);

impl Ticket {
    /// A new one.
    ///
    /// # Errors
    /// When there is no randomness.
    pub(crate) fn make() -> Result<Self, NoEntropy> {
        let secret = Zeroizing::new(ports::random::<32>()?);
        Ok(Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()))))
    }

    /// The one that the browser sends.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let lines = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok());
        let found = lines
            .flat_map(|line| line.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
        found.map(|value| Self(Zeroizing::new(value.to_owned())))
    }

    /// What is stored of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        bearer::digest(&self.0)
    }

    /// 43 characters of RFC 7636's alphabet.
    pub(crate) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.derived("pkce"))
    }

    pub(crate) fn nonce(&self) -> Nonce {
        Nonce::new(self.derived("nonce"))
    }

    fn derived(&self, label: &str) -> String {
        let hash = Sha256::new()
            .chain_update(label)
            .chain_update([0])
            .chain_update(self.0.as_bytes());
        URL_SAFE_NO_PAD.encode(hash.finalize())
    }

    /// The header that gives it to the browser; Lax, since the provider sends the browser back from another site.
    pub(crate) fn cookie(&self) -> Option<HeaderValue> {
        header_of(Cookie::build((COOKIE, self.0.as_str())).max_age(cookie::time::Duration::minutes(10)))
    }

    /// The header that takes it away.
    pub(crate) fn clear() -> Option<HeaderValue> {
        header_of(Cookie::build((COOKIE, "")).max_age(cookie::time::Duration::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use super::Ticket;

    #[test]
    fn verifier_and_nonce_differ_and_tell_nothing_of_the_cookie() {
        let ticket = Ticket::make().unwrap();
        assert_eq!(ticket.verifier().secret().len(), 43);
        assert_ne!(ticket.verifier().secret(), ticket.nonce().secret());
        assert_ne!(ticket.verifier().secret(), &*ticket.0);
        let mut headers = axum::http::HeaderMap::new();
        headers.insert(
            "cookie",
            format!("a=b; __Host-claviger-oidc={}", &*ticket.0).parse().unwrap(),
        );
        assert_eq!(Ticket::of(&headers).unwrap().hash(), ticket.hash());
    }
}
