//! Path parameters. One that cannot be an id names nothing: 404, as for an id that nobody has.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::Failure;

/// The parameters in the path.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    #[expect(clippy::disallowed_types, reason = "this is the wrapper that the lint asks for")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        // PostgreSQL keeps no text with it, and no id and no name has it.
        if parts.uri.path().contains("%00") {
            return Err(Failure::NotFound);
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Failure::NotFound),
        }
    }
}
