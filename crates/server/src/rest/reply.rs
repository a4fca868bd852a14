//! Answers: what an action gives back, as JSON with the status that the operation declares.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use claviger_api::{Page, Total};
use serde::Serialize;

use crate::failure::Failure;

/// Content type of answers.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// How many headers an answer has about.
const HEADERS: usize = 12;

/// What a handler gives back.
pub type Answer = Result<Response, Failure>;

/// How an action's result is written on the wire.
pub trait Reply {
    /// The wire type.
    type Body: Serialize;
    /// Whether it holds a secret that is shown once: then it is never kept for replay.
    const SECRET: bool = false;
    /// The wire form; `None` for answers without a body.
    fn body(&self) -> Option<Self::Body>;
}

impl Reply for () {
    type Body = ();
    fn body(&self) -> Option<()> {
        None
    }
}

/// The bytes of a reply; empty where it has no body.
pub(crate) fn bytes<T: Reply>(value: &T) -> Result<Vec<u8>, Failure> {
    value.body().map_or_else(
        || Ok(Vec::new()),
        |body| serde_json::to_vec(&body).map_err(Failure::internal),
    )
}

/// An answer of that status.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    if body.is_empty() {
        return status.into_response();
    }
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    // Room for what the boundary adds.
    response.headers_mut().reserve(HEADERS);
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// A whole list as one page.
#[must_use]
pub fn whole<T>(items: Vec<T>) -> Page<T> {
    let total = Total {
        count: u64::try_from(items.len()).unwrap_or(u64::MAX),
        capped: false,
    };
    Page {
        items,
        next_cursor: None,
        previous_cursor: None,
        total,
    }
}

impl<T: Serialize + Clone> Reply for Page<T> {
    type Body = Self;
    fn body(&self) -> Option<Self> {
        Some(self.clone())
    }
}

macro_rules! wire_types {
    ($($wire:ident)*) => {$(
        impl Reply for claviger_api::$wire {
            type Body = Self;
            fn body(&self) -> Option<Self> {
                Some(self.clone())
            }
        }
    )*};
}

wire_types! { Session SessionAdministrator Settings MailTested Ceremony AuditVerification Acknowledged SignInMethods OidcSettings OidcTested RadiusClients }
