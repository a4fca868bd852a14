//! One request, in a form that can be sent again.

use std::path::PathBuf;

use reqwest::Method;
use serde::Serialize;

use super::{Client, ClientError, ProgressNotice, Query};

/// One request, in a form that can be sent again.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Query,
    pub(super) body: Body,
    pub(super) revision: Option<i64>,
    /// Set for every change.
    pub(super) key: Option<String>,
}

/// What a request carries.
pub(super) enum Body {
    None,
    Json(Vec<u8>),
    /// A file, as the field `file` of a form.
    File {
        path: PathBuf,
        name: String,
        progress: ProgressNotice,
    },
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            query: Query::new(),
            body: Body::None,
            revision: None,
            key: None,
        }
    }

    pub(super) fn query(mut self, query: &[(String, String)]) -> Self {
        self.query.extend_from_slice(query);
        self
    }

    pub(super) fn revision(mut self, revision: Option<i64>) -> Self {
        self.revision = revision;
        self
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self, ClientError> {
        let text = serde_json::to_vec(body).map_err(|error| ClientError::Unexpected(error.to_string()))?;
        self.body = Body::Json(text);
        Ok(self)
    }
}

impl Client {
    /// A change: it gets the next Idempotency-Key.
    pub(super) fn change(&self, method: Method, path: impl Into<String>) -> Call {
        Call {
            method,
            key: Some(self.next_key()),
            ..Call::get(path)
        }
    }
}
