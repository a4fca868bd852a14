//! `Idempotency-Key` and `If-Match`: what a careful client says about a change.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
};
use claviger_domain::Revision;
use sha2::{Digest as _, Sha256};

use super::extract::{MAX_JSON, limited};
use crate::{Failure, auth::origin};

/// A key under which the answer is kept, and what the request was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Retry {
    pub(crate) key: String,
    pub(crate) fingerprint: [u8; 32],
}

impl Retry {
    /// The same, with an upload's name and the hash of its content.
    pub(crate) fn of_upload(&self, file_name: &str, sha256: &[u8; 32]) -> Self {
        let parts = Sha256::new()
            .chain_update(self.fingerprint)
            .chain_update(sha256)
            .chain_update(file_name);
        Self {
            key: self.key.clone(),
            fingerprint: parts.finalize().into(),
        }
    }
}

const HEADER: &str = "idempotency-key";

/// Takes the key and the fingerprint of a request that changes something.
pub(crate) async fn take(request: Request) -> Result<(Request, Option<Retry>), Failure> {
    let Some(key) = request
        .headers()
        .get(HEADER)
        .filter(|_| !origin::is_safe(request.method()))
    else {
        return Ok((request, None));
    };
    let key = claviger_api::headers::idempotency_key(key.as_bytes());
    let key =
        key.ok_or_else(|| Failure::invalid("header:Idempotency-Key", "1 to 255 visible ASCII characters are wanted"))?;
    let key = key.to_owned();
    let (parts, body) = request.into_parts();
    let mut fingerprint = Sha256::new();
    for part in [
        parts.method.as_str(),
        parts.uri.path(),
        parts.uri.query().unwrap_or_default(),
    ] {
        fingerprint.update(part);
        fingerprint.update([0]);
    }
    fingerprint.update(
        parts
            .headers
            .get(header::IF_MATCH)
            .map_or(&b""[..], |value| value.as_bytes()),
    );
    let body = if is_upload(&parts.headers) {
        // An upload is read as a stream, and boundaries differ: its content is added once it has arrived.
        body
    } else {
        let bytes = limited(body, MAX_JSON).await?;
        fingerprint.update(&bytes);
        Body::from(bytes)
    };
    Ok((
        Request::from_parts(parts, body),
        Some(Retry {
            key,
            fingerprint: fingerprint.finalize().into(),
        }),
    ))
}

pub(crate) fn is_upload(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"multipart/"))
}

/// The revision in `If-Match`, quoted or bare.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<Revision>, Failure> {
    let Some(value) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    let wanted = claviger_api::headers::if_match(text)
        .ok_or_else(|| Failure::invalid("header:If-Match", "a revision such as \"3\" is wanted"))?;
    Ok(wanted.map(Revision::new))
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, extract::Request, http::HeaderMap};

    use super::{if_match, take};

    fn request(key: &str, path: &str, body: &'static str) -> Request {
        Request::post(path)
            .header("idempotency-key", key)
            .body(Body::from(body))
            .unwrap()
    }

    #[tokio::test]
    async fn the_fingerprint_tells_requests_apart() {
        let print = async |path, body| take(request("k", path, body)).await.unwrap().1.unwrap().fingerprint;
        let first = print("/a?b", "{}").await;
        assert_eq!(first, print("/a?b", "{}").await);
        assert_ne!(first, print("/a?b", "{ }").await);
        assert_ne!(first, print("/a?c", "{}").await);
        assert!(take(request("", "/a", "")).await.is_err());
        assert!(take(request("a b", "/a", "")).await.is_err());
    }

    #[test]
    fn a_revision_is_read_quoted_or_bare() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("if-match", text.parse().unwrap());
            if_match(&headers).map(|revision| revision.map(claviger_domain::Revision::get))
        };
        assert_eq!(of("\"3\"").unwrap(), Some(3));
        assert_eq!(of("3").unwrap(), Some(3));
        assert_eq!(of("*").unwrap(), None);
        assert!(of("abc").is_err());
        assert!(if_match(&HeaderMap::new()).unwrap().is_none());
    }
}
