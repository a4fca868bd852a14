//! Headers and cursors that anybody may send: session cookie, API token, If-Match, Idempotency-Key, cursor.
#![no_main]

use claviger_api::headers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(key) = headers::idempotency_key(bytes) {
        assert!((1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(value) = headers::session(text.split('\n')) {
        assert!(!value.contains(';'));
        let again = format!("{}={value}", headers::SESSION_COOKIE);
        assert_eq!(headers::session([again.as_str()]), Some(value.trim_end()));
        assert_eq!(
            headers::session(text.split('\n').chain([again.as_str()])),
            None,
            "a second cookie was believed"
        );
    }
    if let Some((_, token)) = headers::api_token(text) {
        assert_eq!(token.len(), 68);
    }
    if let Some(Some(revision)) = headers::if_match(text) {
        assert_eq!(headers::if_match(&format!("\"{revision}\"")), Some(Some(revision)));
    }
    if let Some(trail) = headers::trail(text) {
        assert!(trail.len() <= headers::MAX_TRAIL);
        assert_eq!(headers::cursor(&trail), text, "two texts are the same cursor");
    }
});
