//! Failures as problems (RFC 9457): the one place that knows status codes.
//!
//! A failure travels as a [`Draft`] in the response's extensions; the boundary adds the request id and writes the
//! body, so that every problem, whoever raised it, has both.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use claviger_api::{Problem, ProblemKind as Kind};

use crate::failure::{Failure, Stored};

/// Content type of problems.
pub(crate) const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/problem+json");

/// A problem that still lacks its request id, and the private cause for the log.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) problem: Problem,
    pub(crate) cause: Option<String>,
}

impl IntoResponse for Failure {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the list of the others stands in `refusal`"
    )]
    fn into_response(self) -> Response {
        let (problem, cause, retry_after) = match self {
            Self::Replay(stored) => return replay(stored),
            Self::RateLimited(wait) => (limited(wait), None, Some(wait)),
            Self::Unavailable(wait) => (unavailable(), None, Some(wait)),
            Self::Store(error) => from_store(&error),
            Self::Internal(cause) => (internal(), Some(describe(cause.as_ref())), None),
            refused => (refusal(refused), None, None),
        };
        let mut response = StatusCode::from_u16(problem.status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response();
        if let Some(wait) = retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if problem.status == 401 {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Draft { problem, cause });
        response
    }
}

/// The problems that carry no private cause and no waiting time.
fn refusal(failure: Failure) -> Problem {
    match failure {
        Failure::Unauthenticated(detail) => Problem::new(Kind::Unauthenticated, detail),
        Failure::Lacks(privilege) => Problem::new(Kind::Forbidden, format!("This needs the privilege `{privilege}`.")),
        Failure::Forbidden(detail) => Problem::new(Kind::Forbidden, detail),
        Failure::StepUpRequired => Problem::new(
            Kind::StepUpRequired,
            "Confirm who you are at /session/step-up, then repeat the request.",
        ),
        Failure::NotFound => Problem::new(Kind::NotFound, "There is no such thing here."),
        Failure::Validation(errors) => Problem {
            errors,
            ..Problem::new(Kind::Validation, "Correct the places named in `errors`.")
        },
        Failure::Malformed(detail) => Problem::new(Kind::Malformed, detail),
        Failure::Stale(revision) => Problem {
            revision: revision.map(claviger_domain::Revision::get),
            ..Problem::new(
                Kind::Stale,
                "It was changed meanwhile. Read it again and repeat the change.",
            )
        },
        Failure::Refused { state, command, detail } => Problem {
            state: Some(state),
            command: Some(command),
            ..Problem::new(Kind::Refused, detail)
        },
        Failure::ResyncFailed => Problem::new(
            Kind::ResyncFailed,
            "These two codes do not resynchronise the token. Let it show two new codes and send them in their order.",
        ),
        Failure::Miscounted { expected, actual } => Problem {
            actual_count: Some(actual),
            ..Problem::new(
                Kind::Refused,
                format!("The selection holds {actual}, not {expected}. Confirm the new number."),
            )
        },
        Failure::Duplicate(detail) => Problem::new(Kind::Duplicate, detail),
        Failure::TooLarge(detail) => Problem::new(Kind::TooLarge, detail),
        Failure::UnsupportedMediaType(wanted) => {
            Problem::new(Kind::UnsupportedMediaType, format!("Send `Content-Type: {wanted}`."))
        }
        Failure::Sealed => Problem::new(
            Kind::Sealed,
            "The key-encryption key is missing: secrets can be neither kept nor shown.",
        ),
        Failure::Timeout => Problem::new(Kind::Timeout, "The request took too long and was given up."),
        Failure::RateLimited(_)
        | Failure::Unavailable(_)
        | Failure::Replay(_)
        | Failure::Store(_)
        | Failure::Internal(_) => internal(),
    }
}

fn limited(wait: Duration) -> Problem {
    Problem::new(
        Kind::RateLimited,
        format!("Too many attempts. Wait {} seconds.", wait.as_secs().max(1)),
    )
}

fn unavailable() -> Problem {
    Problem::new(Kind::Unavailable, "The server cannot answer right now. Try again.")
}

fn internal() -> Problem {
    Problem::new(
        Kind::Internal,
        "The server failed. Nothing is half done; tell the operator the request id.",
    )
}

fn from_store(error: &claviger_store::Error) -> (Problem, Option<String>, Option<Duration>) {
    use claviger_store::{Error, Fault};
    match error {
        Error::Stale => (refusal(Failure::Stale(None)), None, None),
        Error::Duplicate { .. } => (
            Problem::new(Kind::Duplicate, "It exists already."),
            Some(error.to_string()),
            None,
        ),
        Error::OutcomeUnknown => {
            let detail = "The connection to the database broke while the change was kept. Repeat the request with the same Idempotency-Key.";
            (
                Problem::new(Kind::Unavailable, detail),
                Some(error.to_string()),
                Some(Duration::from_secs(1)),
            )
        }
        Error::Closed
        | Error::Driver {
            kind: Fault::Full | Fault::Connection | Fault::Conflict,
            ..
        } => (unavailable(), Some(error.to_string()), Some(Duration::from_secs(2))),
        Error::Driver { .. } | Error::File { .. } | Error::Inconsistent(_) | Error::Panicked => {
            (internal(), Some(error.to_string()), None)
        }
    }
}

fn describe(cause: &(dyn std::error::Error + Send + Sync)) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

fn replay(stored: Stored) -> Response {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Body::from(stored.body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, super::reply::JSON);
    headers.insert(
        HeaderName::from_static("idempotency-replayed"),
        HeaderValue::from_static("true"),
    );
    response
}

/// Gives a problem its request id and its body.
pub(crate) fn finish(draft: Draft, mut response: Response, request_id: &str) -> Response {
    let mut problem = draft.problem;
    request_id.clone_into(&mut problem.request_id);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.headers_mut().insert(header::CONTENT_TYPE, CONTENT_TYPE);
    *response.body_mut() = Body::from(body);
    response
}
