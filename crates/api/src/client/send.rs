//! Sending, and sending again.

use std::{thread, time::Duration};

use reqwest::{
    StatusCode,
    blocking::{Response, multipart},
    header::{CONTENT_TYPE, IF_MATCH, RETRY_AFTER},
};
use serde::de::DeserializeOwned;

use super::{
    Client, ClientError,
    call::{Body, Call, Pace},
    error, transfer,
};
use crate::{Problem, ProblemKind};

const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// A complete answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn is_problem(&self) -> bool {
        self.content_type.starts_with("application/problem+json")
    }

    /// Reads the JSON body.
    pub(super) fn parsed<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let shown: String = String::from_utf8_lossy(&self.body).chars().take(80).collect();
            ClientError::Unexpected(format!(
                "the answer ({}) is not understood: {error}; it begins {shown:?}",
                self.status
            ))
        })
    }

    /// The error that an answer without success stands for.
    pub(super) fn into_error(self) -> ClientError {
        if self.is_problem() {
            return self
                .parsed::<Problem>()
                .map_or_else(|error| error, |problem| ClientError::Problem(Box::new(problem)));
        }
        ClientError::Unexpected(format!(
            "{} was answered, without a problem document: is this a Claviger server?",
            self.status
        ))
    }
}

/// Why one attempt failed, and whether another one may help.
enum Miss {
    Transport(String),
    Busy(Answer, Option<Duration>),
}

impl Client {
    /// Sends until an answer has come, and reads it.
    pub(super) fn fetch<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ClientError> {
        let answer = self.answer(call)?;
        if answer.status.is_success() {
            answer.parsed()
        } else {
            Err(answer.into_error())
        }
    }

    /// Sends until an answer has come, and wants nothing from it but success.
    pub(super) fn carry_out(&self, call: &Call) -> Result<(), ClientError> {
        let answer = self.answer(call)?;
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(answer.into_error())
        }
    }

    /// Sends until an answer has come, whatever it says.
    pub(super) fn answer(&self, call: &Call) -> Result<Answer, ClientError> {
        self.persist(call, |response| {
            let status = response.status();
            let content_type = header(&response, &CONTENT_TYPE);
            let wait = header(&response, &RETRY_AFTER).parse().ok().map(Duration::from_secs);
            let body = response
                .bytes()
                .map_err(|error| Miss::Transport(error::on_the_way(&error)))?
                .to_vec();
            let answer = Answer {
                status,
                content_type,
                body,
            };
            if may_help(&answer) {
                Err(Miss::Busy(answer, wait))
            } else {
                Ok(answer)
            }
        })
    }

    /// Sends until the server begins to answer with success; the body is left to be read.
    pub(super) fn open(&self, call: &Call) -> Result<Response, ClientError> {
        let response = self.persist(call, Ok)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, content_type) = (response.status(), header(&response, &CONTENT_TYPE));
        let body = response.bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        Err(Answer {
            status,
            content_type,
            body,
        }
        .into_error())
    }

    fn persist<T>(&self, call: &Call, read: impl Fn(Response) -> Result<T, Miss>) -> Result<T, ClientError> {
        let mut attempt = 0;
        loop {
            let sent = self.send(call)?;
            let miss = match sent
                .map_err(|error| Miss::Transport(error::on_the_way(&error)))
                .and_then(&read)
            {
                Ok(answer) => return Ok(answer),
                Err(miss) => miss,
            };
            if attempt == self.options.retries || !call.repeatable {
                return Err(self.given_up(call, miss));
            }
            self.wait(attempt, &miss);
            attempt += 1;
        }
    }

    fn wait(&self, attempt: u32, miss: &Miss) {
        let own = Duration::from_millis(200 << attempt.min(7));
        let (why, wait) = match miss {
            Miss::Transport(detail) => (detail.clone(), own),
            Miss::Busy(answer, asked) => (format!("the server answered {}", answer.status), asked.unwrap_or(own)),
        };
        let wait = wait.min(LONGEST_WAIT);
        if let Some(notice) = &self.options.on_retry {
            notice(&why, wait);
        }
        thread::sleep(wait);
    }

    fn given_up(&self, call: &Call, miss: Miss) -> ClientError {
        match miss {
            Miss::Busy(answer, _) => answer.into_error(),
            Miss::Transport(detail) => ClientError::Unreachable {
                server: self.base.clone(),
                detail,
                idempotency_key: call.key.clone(),
            },
        }
    }

    /// One attempt. The outer error is one that no repetition mends.
    fn send(&self, call: &Call) -> Result<reqwest::Result<Response>, ClientError> {
        let url = format!("{}/api/v1{}", self.base, call.path);
        let mut request = self
            .http
            .request(call.method.clone(), url)
            .query(&call.query)
            .bearer_auth(self.token.as_str());
        if let Some(key) = &call.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(revision) = call.revision {
            request = request.header(IF_MATCH, format!("\"{revision}\""));
        }
        request = match &call.body {
            Body::None => request,
            Body::Json(text) => request.header(CONTENT_TYPE, "application/json").body(text.clone()),
            Body::File {
                fields,
                path,
                name,
                progress,
            } => {
                let part = transfer::part(path, name, progress.clone())?;
                let form = fields.iter().fold(multipart::Form::new(), |form, (name, text)| {
                    form.text(*name, text.clone())
                });
                request.multipart(form.part("file", part))
            }
        };
        Ok(match call.pace {
            Pace::Open => request.send(),
            Pace::Bounded => request.timeout(self.options.timeout).send(),
        })
    }
}

fn header(response: &Response, name: &reqwest::header::HeaderName) -> String {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Whether the same request may well be answered in a moment. A sealed server stays sealed.
fn may_help(answer: &Answer) -> bool {
    if !matches!(answer.status.as_u16(), 502..=504) {
        return false;
    }
    let kind = answer
        .parsed::<Problem>()
        .ok()
        .and_then(|problem| ProblemKind::from_uri(&problem.kind));
    kind != Some(ProblemKind::Sealed)
}
