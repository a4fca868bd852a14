//! Uploads: multipart bodies read as a stream, never held in memory.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use http_body_util::Limited;
use tokio::time::timeout;

use crate::{App, Failure};

/// A multipart body.
#[expect(clippy::disallowed_types, reason = "this is the wrapper that the lint asks for")]
pub struct Multipart(axum::extract::Multipart, Duration);

/// One field of it.
pub struct Field<'a>(axum::extract::multipart::Field<'a>, Duration);

/// What stands round the file: boundaries, headers of parts, small fields.
const ROUND_IT: u64 = 64 * 1024;

impl FromRequest<App> for Multipart {
    type Rejection = Failure;

    #[expect(clippy::disallowed_types, reason = "this is the wrapper that the lint asks for")]
    async fn from_request(request: Request, state: &App) -> Result<Self, Failure> {
        let limit = usize::try_from(state.config().import.bytes.saturating_add(ROUND_IT)).unwrap_or(usize::MAX);
        let request = request.map(|body| Body::new(Limited::new(body, limit)));
        axum::extract::Multipart::from_request(request, state)
            .await
            .map(|body| Self(body, state.config().request_timeout))
            .map_err(|_| Failure::UnsupportedMediaType("multipart/form-data"))
    }
}

impl Multipart {
    /// The next field, in the order sent.
    ///
    /// # Errors
    /// When the body is malformed or too large, or nothing came for the life of a request.
    pub async fn next_field(&mut self) -> Result<Option<Field<'_>>, Failure> {
        let (patience, next) = (self.1, self.0.next_field());
        let field = timeout(patience, next).await.map_err(|_| Failure::Timeout)?;
        field
            .map(|field| field.map(|field| Field(field, patience)))
            .map_err(|error| fault(&error))
    }
}

impl Field<'_> {
    /// The field's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name().unwrap_or_default()
    }

    /// The file's name as the sender calls it: a label, never a path.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.0.file_name()
    }

    /// The next piece of its content.
    ///
    /// # Errors
    /// When the body is malformed or too large, or nothing came for the life of a request.
    pub async fn chunk(&mut self) -> Result<Option<bytes::Bytes>, Failure> {
        let piece = timeout(self.1, self.0.chunk()).await.map_err(|_| Failure::Timeout)?;
        piece.map_err(|error| fault(&error))
    }
}

fn fault(error: &axum::extract::multipart::MultipartError) -> Failure {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<http_body_util::LengthLimitError>() {
            return Failure::TooLarge(
                "The file is larger than an import may be; the limit is a setting of the server.".to_owned(),
            );
        }
        cause = inner.source();
    }
    Failure::Malformed("The multipart body is malformed or ended early.".to_owned())
}
