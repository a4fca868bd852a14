//! Cross-site requests: the `Origin` and `Sec-Fetch-Site` checks on everything that changes something.

use axum::http::{HeaderMap, Method, header};
use url::Url;

use crate::Failure;

const FOREIGN: Failure = Failure::Forbidden("The request comes from another site.");

/// Whether the method changes nothing (RFC 9110 §9.2.1).
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Checks a request that carries the session cookie: it must say that it comes from our own pages.
///
/// # Errors
/// [`Failure::Forbidden`] when it comes from elsewhere or does not say.
pub fn check_cookie_request(method: &Method, headers: &HeaderMap, ours: &Url) -> Result<(), Failure> {
    if is_safe(method) {
        return Ok(());
    }
    let said = headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    if said {
        check_open_request(headers, ours)
    } else {
        Err(FOREIGN)
    }
}

/// Checks a request without credentials, such as a sign-in: what it says must not name another site.
///
/// # Errors
/// [`Failure::Forbidden`] when it comes from another site.
pub fn check_open_request(headers: &HeaderMap, ours: &Url) -> Result<(), Failure> {
    let site = headers.get("sec-fetch-site").map(axum::http::HeaderValue::as_bytes);
    if site.is_some_and(|site| !matches!(site, b"same-origin" | b"none")) {
        return Err(FOREIGN);
    }
    match headers.get(header::ORIGIN) {
        None => Ok(()),
        Some(origin) if origin.as_bytes() == ours.origin().ascii_serialization().as_bytes() => Ok(()),
        Some(_) => Err(FOREIGN),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    use super::{check_cookie_request, check_open_request};

    fn allowed(method: &Method, said: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = said
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        check_cookie_request(method, &headers, &"http://localhost:8480".parse().unwrap()).is_ok()
    }

    #[test]
    fn a_change_by_cookie_must_say_that_it_comes_from_our_pages() {
        let (ours, site) = (("origin", "http://localhost:8480"), ("sec-fetch-site", "same-origin"));
        assert!(allowed(&Method::POST, &[ours]));
        assert!(allowed(&Method::POST, &[ours, site]));
        assert!(allowed(&Method::DELETE, &[site]));
        assert!(allowed(&Method::GET, &[]));
        assert!(!allowed(&Method::POST, &[]));
        assert!(!allowed(&Method::POST, &[("origin", "null")]));
        assert!(!allowed(&Method::POST, &[("origin", "http://localhost:8481")]));
        assert!(!allowed(
            &Method::POST,
            &[("origin", "http://localhost:8480.evil.example")]
        ));
        assert!(!allowed(&Method::POST, &[ours, ("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&Method::POST, &[ours, ("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn a_sign_in_may_be_silent_but_not_foreign() {
        let ours = "http://localhost:8480".parse().unwrap();
        assert!(check_open_request(&HeaderMap::new(), &ours).is_ok());
        let foreign = [("origin", "https://evil.example")];
        let headers = foreign
            .iter()
            .map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
            .collect();
        assert!(check_open_request(&headers, &ours).is_err());
    }
}
