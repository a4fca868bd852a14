//! Extractors that answer problems with pointers. axum's own answer plain text and are banned by lint.

mod json;
mod multipart;
mod path;
mod query;

pub use json::Json;
pub(crate) use json::parse as parse_json;
pub use multipart::{Field, Multipart};
pub use path::Path;
pub use query::Query;
pub(crate) use query::parse as parse_query;

/// Most bytes that a JSON body may have.
pub(crate) const MAX_JSON: usize = 1024 * 1024;

/// Reads a body up to a limit.
pub(crate) async fn limited(body: axum::body::Body, limit: usize) -> Result<bytes::Bytes, crate::Failure> {
    use http_body_util::{BodyExt as _, LengthLimitError, Limited};
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(crate::Failure::TooLarge(format!("The body may have {limit} bytes.")))
        }
        Err(_) => Err(crate::Failure::Malformed("The body ended early.".to_owned())),
    }
}
