//! Finds lanes in which something waits and gives each to a task of its own.

use std::{collections::HashMap, time::Duration};

use claviger_store::outbox::{self, Lane};
use tokio::task::{Id, JoinSet};

use super::lane;
use crate::{App, Failure};

/// How often the store is asked for messages that nobody announced.
const POLL: Duration = Duration::from_secs(2);
/// How many lanes are served at once. One that meets a dead server holds its place for the length of a try.
const AT_ONCE: usize = 64;

/// Sends what waits until the server stops; messages under way are waited for.
pub(crate) async fn run(app: App) {
    let mut working = JoinSet::new();
    let mut busy: HashMap<Id, Lane> = HashMap::new();
    while !app.is_stopping() {
        match due(&app).await {
            Ok(lanes) => {
                for lane in lanes {
                    if busy.len() < AT_ONCE && !busy.values().any(|one| *one == lane) {
                        let task = working.spawn(lane::serve(app.clone(), lane.clone()));
                        busy.insert(task.id(), lane);
                    }
                }
            }
            Err(failure) => tracing::warn!(?failure, "the store was not asked for messages"),
        }
        tokio::select! {
            () = app.outbox().until_woken() => {}
            () = tokio::time::sleep(POLL) => {}
            Some(ended) = working.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                busy.remove(&id);
            }
        }
    }
    while working.join_next().await.is_some() {}
}

async fn due(app: &App) -> Result<Vec<Lane>, Failure> {
    let now = app.clock().now();
    let lanes = app
        .store()
        .read(async move |reader| outbox::lanes_due(reader, now).await)
        .await?;
    Ok(lanes)
}
