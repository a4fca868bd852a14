//! One request, in a form that can be sent again.

use std::path::{Path, PathBuf};

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
    /// Whether the answer may take as long as it moves.
    pub(super) pace: Pace,
    /// Whether it may be sent again when no answer came.
    pub(super) repeatable: bool,
}

/// How long an answer may take.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As long as the client's options say.
    Bounded,
    /// As long as it moves: a file comes or goes.
    Open,
}

/// What a request carries.
pub(super) enum Body {
    None,
    Json(Vec<u8>),
    /// A file, as the field `file` of a form, behind fields of text.
    File {
        fields: Vec<(&'static str, String)>,
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
            pace: Pace::Bounded,
            repeatable: true,
        }
    }

    /// A question that uses up what it asks about: it is sent once.
    pub(super) fn once(path: impl Into<String>) -> Self {
        Self {
            method: Method::POST,
            repeatable: false,
            ..Self::get(path)
        }
    }

    /// A file to fetch.
    pub(super) fn get_file(path: impl Into<String>) -> Self {
        Self {
            pace: Pace::Open,
            ..Self::get(path)
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

    /// A form with a file.
    pub(super) fn file(mut self, path: &Path, name: &str, progress: ProgressNotice) -> Self {
        self.pace = Pace::Open;
        self.body = Body::File {
            fields: Vec::new(),
            path: path.to_owned(),
            name: name.to_owned(),
            progress,
        };
        self
    }

    /// What the form says before the file; nothing for a request without one.
    pub(super) fn said(mut self, said: Vec<(&'static str, String)>) -> Self {
        if let Body::File { fields, .. } = &mut self.body {
            *fields = said;
        }
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

/// A name as one part of an address (RFC 3986 §2.3).
pub(super) fn part(name: &str) -> String {
    name.bytes().fold(String::new(), |mut part, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            part.push(char::from(byte));
        } else {
            part.push('%');
            part.push_str(&data_encoding::HEXUPPER.encode(&[byte]));
        }
        part
    })
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_name_stays_one_part_of_the_address() {
        assert_eq!(part("Night shift/2? #é"), "Night%20shift%2F2%3F%20%23%C3%A9");
    }
}
