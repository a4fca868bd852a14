//! Query strings: unknown names refused, each fault with its name.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::Failure;

/// The query string.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parse(parts.uri.query().unwrap_or_default()).map(Self)
    }
}

pub(crate) fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Failure> {
    // PostgreSQL knows no text with it.
    if let Some((name, _)) = url::form_urlencoded::parse(query.as_bytes()).find(|(_, value)| value.contains('\0')) {
        return Err(Failure::invalid(
            format!("?{name}"),
            "the character U+0000 is not taken",
        ));
    }
    let source = serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(source).map_err(|error| {
        let detail = error.inner().to_string();
        let path = error.path().to_string();
        let quoted = detail.split('`').nth(1).filter(|_| path == "." || path == "?");
        Failure::invalid(format!("?{}", quoted.unwrap_or(&path)), detail.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::Failure;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsing is looked at")]
    struct Wanted {
        limit: Option<u32>,
    }

    #[test]
    fn each_fault_is_named() {
        for (query, named) in [
            ("limit=x", "?limit"),
            ("lmit=1", "?lmit"),
            ("limit=1&limit=2", "?limit"),
            ("limit=%00", "?limit"),
        ] {
            match parse::<Wanted>(query) {
                Err(Failure::Validation(errors)) => assert_eq!(errors.first().unwrap().pointer, named, "{query}"),
                other => panic!("{other:?}"),
            }
        }
        assert!(parse::<Wanted>("").is_ok());
    }
}
