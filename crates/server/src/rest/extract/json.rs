//! JSON bodies: unknown fields refused, each fault with its JSON pointer.

use axum::{
    extract::{FromRequest, Request},
    http::header,
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{MAX_JSON, limited};
use crate::Failure;

/// A JSON body. An empty one counts as `{}`, since commands without arguments take `{}`.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Failure> {
        let typed = is_json(&request);
        let body = limited(request.into_body(), MAX_JSON).await?;
        match (typed, body.is_empty()) {
            (true, false) => parse(&body).map(Self),
            (true | false, true) => parse(b"{}").map(Self),
            (false, false) => Err(Failure::UnsupportedMediaType("application/json")),
        }
    }
}

fn is_json(request: &Request) -> bool {
    let given = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let essence = given.split(';').next().unwrap_or("").trim();
    essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("application/merge-patch+json")
}

/// Reads JSON, naming the place of each fault.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    if body.trim_ascii_start().first() != Some(&b'{') {
        // serde takes an array for an object with its fields in order; the document does not.
        serde_json::from_slice::<serde::de::IgnoredAny>(body).map_err(|error| malformed(&error))?;
        return Err(Failure::invalid("", "an object is wanted"));
    }
    if let Some(place) = zero(body) {
        return Err(Failure::invalid(place, "the character U+0000 is not taken"));
    }
    let mut source = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| fault(&error))?;
    source.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// Where a text holds the character that PostgreSQL keeps in none. It is always escaped in JSON (RFC 8259 §7).
fn zero(body: &[u8]) -> Option<String> {
    let escape: &[u8] = br"\u0000";
    if !body.windows(escape.len()).any(|part| part == escape) {
        return None;
    }
    zero_in(&serde_json::from_slice(body).ok()?)
}

fn zero_in(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(all) => {
            let mut places = all.iter().enumerate();
            places.find_map(|(place, one)| zero_in(one).map(|deeper| format!("/{place}{deeper}")))
        }
        Value::Object(all) => all.iter().find_map(|(name, one)| {
            let deeper = if name.contains('\0') {
                Some(String::new())
            } else {
                zero_in(one)
            };
            deeper.map(|deeper| format!("/{}{deeper}", escaped(name)))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Failure {
    if error.inner().classify() == Category::Data {
        let detail = without_position(&error.inner().to_string());
        return Failure::invalid(pointer(error.path(), &detail), detail);
    }
    malformed(error.inner())
}

fn malformed(error: &serde_json::Error) -> Failure {
    Failure::Malformed(format!("The body is not well-formed JSON: {error}."))
}

/// The parser adds ` at line 1 column 2`; the pointer says it better.
fn without_position(message: &str) -> String {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(detail, _)| detail)
        .to_owned()
}

fn pointer(path: &serde_path_to_error::Path, detail: &str) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&escaped(&part));
    }
    // A missing or unknown field is reported at its parent.
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| detail.strip_prefix(start));
    if let Some(name) = named
        .and_then(|rest| rest.split_once('`'))
        .map(|(name, _)| escaped(name))
    {
        let last = format!("/{name}");
        if !pointer.ends_with(&last) {
            pointer.push_str(&last);
        }
    }
    pointer
}

/// RFC 6901 §3.
fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use claviger_api::PolicyDraft;

    use super::parse;
    use crate::Failure;

    fn pointer(body: &str) -> String {
        match parse::<PolicyDraft>(body.as_bytes()) {
            Err(Failure::Validation(errors)) => errors.first().unwrap().pointer.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_fault_is_pointed_at() {
        assert_eq!(pointer(r#"{"name":"a","type":"standard","nmae":1}"#), "/nmae");
        assert_eq!(pointer(r#"{"name":"a"}"#), "/type");
        assert_eq!(pointer(r#"{"name":7,"type":"standard"}"#), "/name");
        assert_eq!(pointer(r#"{"name":"a","type":"best"}"#), "/type");
        assert_eq!(
            pointer(r#"{"name":"a","type":"standard","allowed_services":["a",3]}"#),
            "/allowed_services/1"
        );
        assert_eq!(pointer(r#"{"name":"a","type":"standard","a~/b":1}"#), "/a~0~1b");
        assert_eq!(
            pointer(r#"{"name":"a","type":"standard","allowed_services":["a","\u0000"]}"#),
            "/allowed_services/1"
        );
        assert!(
            parse::<PolicyDraft>(br#"{"name":"\\u0000","type":"standard"}"#).is_ok(),
            "a backslash and digits"
        );
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for body in ["", "{", "{} x", "\u{feff}{}", "{\"name\":\"\\ud800\"}"] {
            assert!(
                matches!(
                    parse::<PolicyDraft>(body.as_bytes()),
                    Err(Failure::Malformed(_) | Failure::Validation(_))
                ),
                "{body}"
            );
        }
    }
}
