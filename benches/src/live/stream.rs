//! A server's stream of events, as far as a console listens to it.

use anyhow::{Context, Result};
use reqwest::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::api::Api;

/// What changed within a quarter of a second.
#[derive(Debug, Deserialize)]
pub(super) struct News<'a> {
    #[serde(borrow)]
    pub(super) changes: Vec<Change<'a>>,
    pub(super) truncated: bool,
}

/// One thing that changed.
#[derive(Debug, Deserialize)]
pub(super) struct Change<'a> {
    pub(super) kind: &'a str,
    pub(super) id: Uuid,
    pub(super) revision: i64,
}

/// An open stream.
pub(crate) struct Stream {
    answer: Response,
    buffer: Vec<u8>,
}

impl Stream {
    pub(super) async fn open(api: &Api) -> Result<Self> {
        Ok(Self {
            answer: api.open("/events").await?,
            buffer: Vec::new(),
        })
    }

    /// The data of the next event of changes. Nothing is lost when the wait is given up.
    pub(super) async fn next(&mut self) -> Result<String> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(data) = data(std::str::from_utf8(&event)?) {
                    return Ok(data.to_owned());
                }
            }
            let chunk = self.answer.chunk().await?;
            self.buffer
                .extend(chunk.context("the server ended a stream of events")?);
        }
    }
}

/// The data of an event, if it is one of changes; the others keep the connection open.
fn data(event: &str) -> Option<&str> {
    let is_change = event.lines().any(|line| line == "event: change");
    is_change
        .then(|| event.lines().find_map(|line| line.strip_prefix("data: ")))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::{News, data};

    #[test]
    fn changes_are_read_and_pings_are_not() {
        let id = "0190f3a2-7c1e-7d3a-9b1f-2f6f6f0c1a2b";
        let event = format!(
            "event: change\ndata: {{\"changes\":[{{\"kind\":\"job\",\"id\":\"{id}\",\"revision\":3}}],\"truncated\":false}}\n\n"
        );
        let news: News<'_> = serde_json::from_str(data(&event).unwrap()).unwrap();
        assert_eq!((news.changes[0].kind, news.changes[0].revision), ("job", 3));
        assert_eq!(data("event: ping\ndata: {}\n\n"), None);
    }
}
