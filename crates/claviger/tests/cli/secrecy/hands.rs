//! Hands that use every feature that takes or shows a secret, and keep what they were told elsewhere.

use std::{
    io::Read as _,
    sync::{Arc, Mutex},
    thread,
};

use reqwest::{
    Method, StatusCode,
    blocking::{Client, RequestBuilder},
    header::{self, HeaderMap},
};
use serde_json::Value;

use super::canary::Flock;
use crate::site::Site;

/// Where an answer shows a secret on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Nowhere,
    InTheCookie,
    InTheBody,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> &str {
        let found = self.body.pointer(field).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("{field} is not in an answer of {}: {}", self.status, self.body))
    }

    /// The cookie that was set, and the secret in it.
    #[track_caller]
    pub(crate) fn cookie(&self) -> (String, String) {
        let set = self
            .headers
            .get(header::SET_COOKIE)
            .expect("a cookie")
            .to_str()
            .unwrap();
        let pair = set.split(';').next().unwrap();
        (pair.to_owned(), pair.split_once('=').unwrap().1.to_owned())
    }
}

/// Somebody who works at a server.
pub(crate) struct Hands<'a> {
    pub(crate) site: &'a Site,
    pub(crate) flock: Flock,
    http: Client,
    /// How its requests are told from those of others, and how many there were.
    name: String,
    asked: u32,
    /// All answers, but what they showed on purpose.
    pub(crate) told: Vec<u8>,
    /// The stream of events.
    pub(crate) events: Arc<Mutex<Vec<u8>>>,
}

impl<'a> Hands<'a> {
    pub(crate) fn new(site: &'a Site, flock: Flock) -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(std::time::Duration::from_mins(1));
        Self {
            site,
            name: Flock::unheard_of(),
            flock,
            http: http.build().unwrap(),
            asked: 0,
            told: Vec::new(),
            events: Arc::default(),
        }
    }

    /// A request to a path below `/api/v1`, with a key to repeat it by where it changes something.
    pub(crate) fn request(&mut self, method: Method, path: &str) -> RequestBuilder {
        self.beside(method, &format!("api/v1{path}"))
    }

    /// The same to a path that may stand beside it.
    pub(crate) fn beside(&mut self, method: Method, path: &str) -> RequestBuilder {
        self.asked += 1;
        let repeatable = method != Method::GET;
        let request = self.http.request(method, format!("{}{path}", self.site.address));
        if repeatable {
            request.header("idempotency-key", format!("{}-{}", self.name, self.asked))
        } else {
            request
        }
    }

    /// The same by the Owner.
    pub(crate) fn owner(&mut self, method: Method, path: &str) -> RequestBuilder {
        let token = self.site.token.clone();
        self.request(method, path).bearer_auth(token)
    }

    /// The same from a browser with a session.
    pub(crate) fn browser(&mut self, method: Method, path: &str, cookie: &str) -> RequestBuilder {
        let request = self.request(method, path).header(header::COOKIE, cookie);
        request.header("sec-fetch-site", "same-origin")
    }

    /// Sends a request; keeps its answer, but what it shows on purpose.
    pub(crate) fn send(&mut self, request: RequestBuilder, shown: Shown) -> Answer {
        let answer = request.send().unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().unwrap();
        for (name, value) in &headers {
            if shown != Shown::InTheCookie || name != header::SET_COOKIE {
                self.told.extend_from_slice(name.as_str().as_bytes());
                self.told.extend_from_slice(value.as_bytes());
            }
        }
        if shown != Shown::InTheBody || !status.is_success() {
            self.told.extend_from_slice(text.as_bytes());
        }
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, body }
    }

    /// Posts a body as the Owner; must succeed.
    #[track_caller]
    pub(crate) fn done(&mut self, path: &str, body: &Value, shown: Shown) -> Answer {
        let request = self.owner(Method::POST, path).json(body);
        let answer = self.send(request, shown);
        assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.body);
        answer
    }

    /// Sends what must be refused, whoever it claims to be.
    #[track_caller]
    pub(crate) fn refused(&mut self, request: RequestBuilder) -> Answer {
        let answer = self.send(request, Shown::Nowhere);
        assert!(answer.status.is_client_error(), "{} {}", answer.status, answer.body);
        answer
    }

    /// Reads a path as the Owner.
    pub(crate) fn read(&mut self, path: &str) -> Answer {
        let request = self.owner(Method::GET, path);
        self.send(request, Shown::Nowhere)
    }

    /// Follows the stream of events from now on, until the server ends.
    pub(crate) fn follow(&mut self) {
        let stream = self
            .owner(Method::GET, "/events")
            .timeout(std::time::Duration::from_mins(10));
        let mut stream = stream.send().unwrap();
        let events = Arc::clone(&self.events);
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(count) = stream.read(&mut piece) {
                if count == 0 {
                    return;
                }
                events.lock().unwrap().extend_from_slice(&piece[..count]);
            }
        });
    }
}
