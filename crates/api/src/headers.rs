//! What stands in the headers and cursors of a request, read from text that anybody may have sent: pure functions, so
//! that they can be fuzzed without a server.

use data_encoding::BASE64URL_NOPAD;
use uuid::Uuid;

/// The name of the session cookie. `__Host-` binds it to this host over HTTPS (RFC 6265bis §4.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-claviger";
/// Most ids in a trail.
pub const MAX_TRAIL: usize = 64;
/// How the text of an API token begins.
pub const API_TOKEN_PREFIX: &str = "clv_";

/// The session in the `Cookie` headers of a request, if there is exactly one.
///
/// Two cookies of the same name mean that someone planted one: neither is believed.
pub fn session<'a>(cookies: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut found = None;
    for header in cookies {
        for pair in header.split(';') {
            let Some((name, value)) = pair.trim().split_once('=') else {
                continue;
            };
            if name == SESSION_COOKIE && found.replace(value).is_some() {
                return None;
            }
        }
    }
    found
}

/// The API token in an `Authorization` header: the tenant that it claims, and its text.
#[must_use]
pub fn api_token(authorization: &str) -> Option<(Uuid, &str)> {
    let text = authorization.strip_prefix("Bearer ")?;
    let coded = text.strip_prefix(API_TOKEN_PREFIX)?.as_bytes();
    let mut bytes = [0_u8; 48];
    if BASE64URL_NOPAD.decode_len(coded.len()) != Ok(bytes.len()) {
        return None;
    }
    BASE64URL_NOPAD.decode_mut(coded, &mut bytes).ok()?;
    Some((Uuid::from_slice(bytes.get(..16)?).ok()?, text))
}

/// The revision in an `If-Match` header, quoted or bare; the outer `None` is a fault, the inner one `*`.
#[must_use]
pub fn if_match(value: &str) -> Option<Option<i64>> {
    let text = value.trim();
    let bare = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    if bare == "*" {
        Some(None)
    } else {
        bare.parse().ok().map(Some)
    }
}

/// An `Idempotency-Key`: 1 to 255 visible ASCII characters.
#[must_use]
pub fn idempotency_key(value: &[u8]) -> Option<&str> {
    let fits = (1..=255).contains(&value.len()) && value.iter().all(u8::is_ascii_graphic);
    std::str::from_utf8(value).ok().filter(|_| fits)
}

/// A cursor of a short list: the ids where the pages before ended, the newest page first.
#[must_use]
pub fn trail(cursor: &str) -> Option<Vec<Uuid>> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let whole = bytes.len() % 16 == 0 && bytes.len() <= MAX_TRAIL * 16;
    let id = |id: &[u8]| Uuid::from_slice(id).ok();
    whole.then(|| bytes.chunks_exact(16).filter_map(id).collect())
}

/// The cursor of a trail.
#[must_use]
pub fn cursor(trail: &[Uuid]) -> String {
    BASE64URL_NOPAD.encode(&trail.iter().flat_map(Uuid::as_bytes).copied().collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_exactly_right_is_not_taken() {
        assert_eq!(session(["a=b; __Host-claviger=x; c"]), Some("x"));
        assert_eq!(session(["__Host-claviger=x", "__Host-claviger=x"]), None);
        let token = format!("Bearer {API_TOKEN_PREFIX}{}", BASE64URL_NOPAD.encode(&[7; 48]));
        assert_eq!(
            api_token(&token).map(|(tenant, _)| tenant),
            Some(Uuid::from_bytes([7; 16]))
        );
        assert_eq!(api_token(&token[..token.len() - 1]), None);
        assert_eq!(api_token(&format!("{token}A")), None);
        assert_eq!(
            [if_match("\"3\""), if_match(" 3 "), if_match("*")],
            [Some(Some(3)), Some(Some(3)), Some(None)]
        );
        assert_eq!([if_match("\"3"), if_match("W/\"3\""), if_match("")], [None; 3]);
        assert_eq!(idempotency_key(b"a b"), None);
        assert_eq!(idempotency_key(&[b'x'; 256]), None);
        assert_eq!(idempotency_key(b"!~"), Some("!~"));
        let ids = [Uuid::from_u128(1), Uuid::from_u128(2)];
        assert_eq!(trail(&cursor(&ids)).as_deref(), Some(&ids[..]));
        assert_eq!(trail("AAAA"), None);
    }
}
