//! Serves one lane: messages one after the other, each taken before it is tried, so that no other server tries it too.

use std::time::Duration;

use claviger_domain::Timestamp;
use claviger_store::{
    Tx,
    outbox::{self, Lane, Message},
};

use super::{Outcome, REMOVAL, REVOKED_MAIL, settle};
use crate::{App, Failure, identity_provider, mail};

/// Messages until the lane is given back, so that others get their turn.
const TURN: usize = 100;
/// After a failure of our own.
const REST: Duration = Duration::from_secs(1);

/// Tries what is due in a lane, until nothing is or what it leads to is down.
pub(super) async fn serve(app: App, lane: Lane) {
    for _ in 0..TURN {
        if app.is_stopping() {
            return;
        }
        match one(&app, &lane).await {
            // Stale: another server, or an operator, was faster.
            Ok(true) | Err(Failure::Stale(_)) => {}
            Ok(false) => return,
            Err(failure) => {
                tracing::error!(kind = lane.kind, ?failure, "a message could not be dealt with");
                tokio::time::sleep(REST).await;
                return;
            }
        }
    }
}

/// Tries the next message; answers whether there may be another.
async fn one(app: &App, lane: &Lane) -> Result<bool, Failure> {
    let (now, asked) = (app.clock().now(), lane.clone());
    let due = app
        .store()
        .read(async move |reader| outbox::due(reader, &asked, now, 1).await)
        .await?;
    let Some(message) = due.into_iter().next() else {
        return Ok(false);
    };
    let message = claim(app, message).await?;
    let outcome = match lane.kind.as_str() {
        REVOKED_MAIL => mail::deliver(app, &message).await?,
        REMOVAL => identity_provider::remove(app, &message).await?,
        other => Outcome::Refused(format!("no such kind of message: {other}")),
    };
    let goes_on = matches!(outcome, Outcome::Done | Outcome::Refused(_) | Outcome::Later(_));
    settle::settle(app, lane, message, outcome).await?;
    Ok(goes_on)
}

async fn claim(app: &App, message: Message) -> Result<Message, Failure> {
    let scope = settle::scope(app, &message);
    let until = lease(app, scope.now);
    let claimed = app
        .store()
        .write(scope, async move |tx: &mut Tx| outbox::claim(tx, &message, until).await)
        .await?;
    Ok(claimed)
}

/// A try that a dead server left behind is taken up after this: longer than any try lasts.
fn lease(app: &App, now: Timestamp) -> Timestamp {
    let longest = i64::try_from(app.config().mail_timeout.as_secs()).unwrap_or(i64::MAX);
    now.plus_seconds(longest.saturating_mul(2).saturating_add(60))
}
