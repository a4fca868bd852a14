//! `/events`: what changed, as server-sent events, coalesced over a quarter of a second.

use std::{convert::Infallible, time::Duration};

use async_stream::stream;
use axum::response::{IntoResponse, Sse, sse::Event};
use claviger_api::Changes;
use claviger_domain::Privilege;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    guard::{SignedIn, guarded},
    reply::Answer,
};
use crate::{
    App, Failure,
    auth::Caller,
    events::{Gathered, Heard, hears, seen},
};

const QUIET: Duration = Duration::from_millis(250);
const PING: Duration = Duration::from_secs(15);

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(guarded::<SignedIn>(routes!(event_follow)))
}

/// Follows what changes in the tenant, as far as the caller may read it: `change` events with ids and revisions only, a
/// `ping` every 15 seconds. It ends within 15 seconds after the session or API token does.
#[utoipa::path(get, path = "/events", operation_id = "event_follow", tag = "Events",
    responses((status = 200, content_type = "text/event-stream", body = Changes)))]
async fn event_follow(caller: Caller<SignedIn>) -> Answer {
    let privileges = caller.identity().privileges;
    if !hears(privileges) {
        return Err(Failure::Lacks(Privilege::InventoryRead));
    }
    let mut follower = caller.app().events().follow(caller.tenant());
    caller
        .app()
        .elsewhere()
        .begin(caller.app().store(), caller.tenant())
        .await?;
    let told = stream! {
        let mut gathered = Gathered::default();
        let mut ping = tokio::time::interval(PING);
        let quiet = tokio::time::sleep(QUIET);
        tokio::pin!(quiet);
        loop {
            tokio::select! {
                heard = follower.hear() => {
                    let first = gathered.is_empty();
                    match heard {
                        Heard::Changes(changes) => gathered.add(&seen(&changes, privileges)),
                        Heard::Missed => {
                            gathered.truncate();
                            follower = caller.app().events().follow(caller.tenant());
                        }
                        Heard::Closed => break,
                    }
                    if first && !gathered.is_empty() {
                        quiet.as_mut().reset(tokio::time::Instant::now() + QUIET);
                    }
                }
                () = &mut quiet, if !gathered.is_empty() => {
                    yield Ok::<_, Infallible>(event(&gathered.take()));
                }
                _ = ping.tick() => {
                    if !still_allowed(&caller).await {
                        break;
                    }
                    yield Ok(Event::default().event("ping").data("{}"));
                }
            }
        }
    };
    Ok(Sse::new(told).into_response())
}

fn event(changes: &Changes) -> Event {
    Event::default()
        .event("change")
        .data(serde_json::to_string(changes).unwrap_or_default())
}

async fn still_allowed(caller: &Caller<SignedIn>) -> bool {
    crate::auth::authenticate::still(caller.app(), caller.identity()).await
}
