//! CSV files as answers, sent as they are made.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};

use crate::Failure;

/// A file whose pieces are fetched one by one; the first is at hand.
pub(super) fn pieces<F>(
    name: &'static str,
    first: Option<Vec<u8>>,
    next: impl Fn(u32) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = Result<Option<Vec<u8>>, Failure>> + Send + 'static,
{
    let rest = stream::unfold(Some(1_u32), move |number| {
        let piece = number.map(|number| (number, next(number)));
        async move {
            let (number, piece) = piece?;
            match piece.await {
                Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), number.checked_add(1))),
                Ok(None) => None,
                // The answer breaks off: whoever reads it sees that it is not whole.
                Err(failure) => Some((Err(broken(&failure)), None)),
            }
        }
    });
    match first {
        Some(first) => file(name, stream::iter([Ok(Bytes::from(first))]).chain(rest)),
        None => file(name, stream::empty()),
    }
}

/// A file made of a stream.
pub(super) fn file(
    name: &'static str,
    content: impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        ),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    // HTTP/1 asks once more behind the end, which an unfolded stream answers with a panic.
    (headers, Body::from_stream(content.fuse())).into_response()
}

pub(super) fn broken(failure: &Failure) -> std::io::Error {
    tracing::error!(?failure, "a file broke off");
    std::io::Error::other("the server failed while it sent this file")
}
