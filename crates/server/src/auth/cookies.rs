//! The session cookie. `__Host-` binds it to this host over HTTPS; browsers take it on `http://localhost` too.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};

pub use claviger_api::headers::SESSION_COOKIE as NAME;

/// The session cookie's value, if the request carries exactly one of that name.
#[must_use]
pub fn session(headers: &HeaderMap) -> Option<&str> {
    let cookies: Result<Vec<&str>, _> = headers
        .get_all(header::COOKIE)
        .iter()
        .map(HeaderValue::to_str)
        .collect();
    claviger_api::headers::session(cookies.ok()?)
}

/// The header that sets the session cookie. It lives as long as the browser; the server ends it earlier.
#[must_use]
pub fn set(value: &str) -> Option<HeaderValue> {
    header_of(Cookie::build((NAME, value)))
}

/// The header that removes the session cookie.
#[must_use]
pub fn clear() -> Option<HeaderValue> {
    header_of(Cookie::build((NAME, "")).max_age(cookie::time::Duration::ZERO))
}

/// A cookie that only this host gets back, over HTTPS, and no script reads.
pub(super) fn header_of(cookie: cookie::CookieBuilder<'_>) -> Option<HeaderValue> {
    let cookie = cookie
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build();
    HeaderValue::from_str(&cookie.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{session, set};

    fn with(cookies: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        headers
    }

    #[test]
    fn the_cookie_is_found_among_others_and_a_planted_second_one_voids_it() {
        assert_eq!(session(&with(&["a=b; __Host-claviger=x; c"])), Some("x"));
        assert_eq!(session(&with(&["a=b", "__Host-claviger=x"])), Some("x"));
        assert_eq!(session(&with(&["__Host-claviger=x; __Host-claviger=y"])), None);
        assert_eq!(session(&with(&["__host-claviger=x"])), None);
        assert_eq!(session(&with(&[])), None);
    }

    #[test]
    fn the_cookie_is_bound_to_host_and_site() {
        let header = set("x").unwrap();
        assert_eq!(header, "__Host-claviger=x; HttpOnly; SameSite=Lax; Secure; Path=/");
    }
}
