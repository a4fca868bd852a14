//! Bare verification of HOTP codes: found, checked, counted and recorded durably, without sign-in, sealing or rules.
//!
//! Two forms of it: the plain design, where every request is a transaction of its own on a connection of a pool, and a
//! prototype of group commit, where a writer takes up to 512 requests that wait into one.

mod postgres;
mod sqlite;

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use tokio::sync::{mpsc, oneshot};

use super::handler::{Handler, until_input_ends};

/// Connections of the plain design, as a web framework's pool has them.
const CONNECTIONS: usize = 16;
/// Most requests in one commit.
const GROUP: usize = 512;

/// How a bare verification commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Commit {
    /// Each request on its own.
    Each,
    /// All requests that wait, together.
    Grouped,
}

/// What is asked: as much as the product is asked.
#[derive(Deserialize)]
struct Asked {
    serial_number: String,
    otp: String,
}

/// A request that waits for its commit.
struct Waiting {
    asked: Asked,
    answer: oneshot::Sender<bool>,
}

/// Tables with tokens, in a file or a database of their own.
pub(crate) enum Bare {
    Sqlite(sqlite::File),
    Postgres(String),
}

impl Bare {
    /// New tables with so many tokens.
    pub(crate) async fn filled(url: Option<&str>, tokens: u64) -> Result<Self> {
        Ok(match url {
            Some(url) => Self::Postgres(postgres::filled(url, tokens).await?),
            None => Self::Sqlite(sqlite::File::filled(tokens)?),
        })
    }

    /// A process that verifies their codes at `/verify`.
    pub(crate) fn handler(&self, commit: Commit) -> Result<Handler> {
        let source = match self {
            Self::Sqlite(file) => file.path().display().to_string(),
            Self::Postgres(url) => url.clone(),
        };
        let commit = match commit {
            Commit::Each => "each",
            Commit::Grouped => "grouped",
        };
        Handler::with(&["--bare-handler", &source, "--bare-commit", commit])
    }
}

/// Serves `/verify`.
pub(crate) async fn serve(source: &str, commit: Commit) -> Result<()> {
    let postgres = source.starts_with("postgres");
    let waiting = match (postgres, commit) {
        (false, Commit::Each) => sqlite::each(source)?,
        (false, Commit::Grouped) => sqlite::grouped(source)?,
        (true, Commit::Each) => postgres::each(source).await?,
        (true, Commit::Grouped) => postgres::grouped(source).await?,
    };
    let router = Router::new()
        .route("/verify", post(verify))
        .with_state(Arc::new(waiting));
    until_input_ends(router).await
}

/// Where requests go; the one of several that a serial number leads to.
struct Lanes(Vec<mpsc::UnboundedSender<Waiting>>);

impl Lanes {
    fn send(&self, waiting: Waiting) {
        let hash = waiting.asked.serial_number.bytes().fold(0_usize, |hash, byte| {
            hash.wrapping_mul(31).wrapping_add(usize::from(byte))
        });
        if let Some(lane) = self.0.get(hash % self.0.len().max(1)) {
            // A lane that ended drops the request, which then answers 500.
            let _ = lane.send(waiting);
        }
    }
}

async fn verify(State(lanes): State<Arc<Lanes>>, body: Bytes) -> Result<Response, StatusCode> {
    let asked = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let (answer, answered) = oneshot::channel();
    lanes.send(Waiting { asked, answer });
    let accepted = answered.await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let json = serde_json::json!({ "accepted": accepted }).to_string();
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// Takes what waits, at least one, up to a group; nothing once no more can come.
fn group(requests: &mut mpsc::UnboundedReceiver<Waiting>) -> Option<Vec<Waiting>> {
    let mut group = vec![requests.blocking_recv()?];
    while group.len() < GROUP {
        let Ok(next) = requests.try_recv() else { break };
        group.push(next);
    }
    Some(group)
}
