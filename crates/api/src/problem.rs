//! Problems (RFC 9457): what every refused request is answered with.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A refused request, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable URI of the kind of problem.
    #[serde(rename = "type")]
    pub kind: Cow<'static, str>,
    /// The kind in words, the same for every problem of its type.
    pub title: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong with this request, and the remedy.
    pub detail: String,
    /// Names the request in the server's log.
    pub request_id: String,
    /// Where the request is wrong, for `validation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The state that refuses the command, for `refused`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The command refused, for `refused`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The count that was found, where an expected one did not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_count: Option<u64>,
    /// The revision that stands, for `stale`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// One place in a request and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer into the body (`/name`), or `?name` for the query, `:name` for the path, `header:Name` for a header.
    pub pointer: String,
    /// What is wrong, and what is wanted.
    pub detail: String,
}

macro_rules! kinds {
    ($($variant:ident $name:literal $status:literal $title:literal $remedy:literal;)*) => {
        /// Every type of problem this API knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemKind {
            $(#[doc = $title] $variant,)*
        }

        impl ProblemKind {
            /// Every kind, in the order of the documentation page.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The last segment of the type's URI.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The stable URI.
            #[must_use]
            pub const fn uri(self) -> &'static str {
                match self { $(Self::$variant => concat!("https://claviger.example/problems/", $name),)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The kind in words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What a caller can do about it.
            #[must_use]
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }

            /// The kind whose URI this is.
            #[must_use]
            pub fn from_uri(uri: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.uri() == uri)
            }
        }
    };
}

kinds! {
    Validation "validation" 422 "The request is not valid" "Correct the places named in `errors`.";
    Malformed "malformed" 400 "The request cannot be read" "Send well-formed JSON, headers and multipart bodies.";
    Unauthenticated "unauthenticated" 401 "Sign in first" "Sign in, or send a valid API token as `Authorization: Bearer`.";
    Forbidden "forbidden" 403 "Not allowed" "Ask for a role that holds the privilege named in `detail`.";
    StepUpRequired "step-up-required" 403 "Confirm who you are" "POST /session/step-up, then repeat the request.";
    NotFound "not-found" 404 "There is no such thing" "Check the id; things of other tenants are never told apart from things that do not exist.";
    MethodNotAllowed "method-not-allowed" 405 "The method is not supported here" "See the `Allow` header.";
    Stale "stale" 409 "Somebody else changed it meanwhile" "Read it again and repeat the change with the new revision.";
    Refused "refused" 409 "The state does not allow it" "See `state` and `command`.";
    Duplicate "duplicate" 409 "It exists already" "Choose another name, or change the one that exists.";
    TooLarge "too-large" 413 "The request is too large" "Send less; the limit is in `detail`.";
    UnsupportedMediaType "unsupported-media-type" 415 "The content type is not supported" "Send the content type named in `detail`.";
    RateLimited "rate-limited" 429 "Too many attempts" "Wait for the seconds in `Retry-After`.";
    Internal "internal" 500 "The server failed" "Try again; tell the operator the request id.";
    Sealed "sealed" 503 "The server runs without its key-encryption key" "The operator has to supply the key-encryption key and restart.";
    Unavailable "unavailable" 503 "The server cannot answer right now" "Try again after the seconds in `Retry-After`.";
    Timeout "timeout" 504 "The request took too long" "Try again, with less work in one request.";
    ResyncFailed "resync-failed" 409 "The OTP token could not be resynchronised" "Send two codes that follow each other directly.";
}

impl Problem {
    /// A problem of that kind; the request id is filled in at the boundary.
    #[must_use]
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind: Cow::Borrowed(kind.uri()),
            title: Cow::Borrowed(kind.title()),
            status: kind.status(),
            detail: detail.into(),
            request_id: String::new(),
            errors: Vec::new(),
            state: None,
            command: None,
            actual_count: None,
            revision: None,
        }
    }
}
