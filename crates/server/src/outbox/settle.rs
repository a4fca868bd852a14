//! Writes down what became of a try: the message, the key it is about, the audit log, those who watch — one commit.

use claviger_domain::{
    SecurityKeyId,
    security_key::{IdpState, SecurityKey},
};
use claviger_store::{
    Actor, Change, Scope, Tx,
    audit::AuditEntry,
    outbox::{self, Lane, Message},
    security_keys,
};
use serde_json::json;

use super::{Outcome, REMOVAL, pause_seconds};
use crate::{App, Failure, actions::security_keys::label};

/// The rest of a lane that is down is tried again after this at the latest.
const REST_SECONDS: i64 = 5 * 60;

/// On whose behalf the outbox writes.
pub(super) fn scope(app: &App, message: &Message) -> Scope {
    Scope {
        tenant: message.tenant,
        actor: Actor::System("outbox".to_owned()),
        source: None,
        request_id: None,
        lane_key: message.subject.unwrap_or(message.id).as_u128(),
        now: app.clock().now(),
    }
}

/// Writes down what became of a try.
pub(super) async fn settle(app: &App, lane: &Lane, message: Message, outcome: Outcome) -> Result<(), Failure> {
    count(lane, &outcome);
    let (scope, lane) = (scope(app, &message), lane.clone());
    let job = async move |tx: &mut Tx| -> Result<(), Failure> {
        let Some(noted) = note(tx, &message, &outcome).await? else {
            return Ok(());
        };
        if let Outcome::Down(error) | Outcome::Nobody(error) = &outcome {
            rest(tx, &lane, &message, error).await?;
        }
        about_key(tx, &message, noted, &outcome).await
    };
    app.store().write(scope, job).await
}

/// What a try meant for its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noted {
    Done,
    GivenUp,
    PutOff,
}

async fn note(tx: &mut Tx, message: &Message, outcome: &Outcome) -> Result<Option<Noted>, Failure> {
    let now = tx.now();
    let (error, failed) = match outcome {
        Outcome::Done => {
            outbox::settle(tx, message, None).await?;
            return Ok(Some(Noted::Done));
        }
        Outcome::Refused(error) => {
            outbox::settle(tx, message, Some(error)).await?;
            return Ok(Some(Noted::GivenUp));
        }
        Outcome::Later(error) | Outcome::Down(error) => (error, Some(now)),
        Outcome::Nobody(error) => (error, None),
    };
    if message.give_up_at.is_some_and(|at| at <= now) {
        let error = format!("Given up. {error}");
        outbox::settle(tx, message, Some(&error)).await?;
        return Ok(Some(Noted::GivenUp));
    }
    let pause = if failed.is_some() {
        pause_seconds(message.attempts)
    } else {
        3_600
    };
    outbox::postpone(tx, message, now.plus_seconds(pause), error, failed).await?;
    Ok(Some(Noted::PutOff))
}

/// What stands in the way of one stands in the way of all of its lane.
async fn rest(tx: &mut Tx, lane: &Lane, message: &Message, error: &str) -> Result<(), Failure> {
    let given_up = outbox::give_up_due(tx, lane, &format!("Given up. {error}")).await?;
    if given_up > 0 {
        tx.record(AuditEntry {
            action: "outbox.given_up",
            object_kind: "outbox",
            after: Some(json!({ "kind": lane.kind, "messages": given_up })),
            reason: Some(error.to_owned()),
            ..AuditEntry::default()
        });
    }
    let pause = if lane.kind == REMOVAL { 3_600 } else { REST_SECONDS };
    let next = tx.now().plus_seconds(pause_seconds(message.attempts).min(pause));
    outbox::postpone_due(tx, lane, next, error).await?;
    Ok(())
}

async fn about_key(tx: &mut Tx, message: &Message, noted: Noted, outcome: &Outcome) -> Result<(), Failure> {
    let (tenant, Some(subject)) = (tx.tenant(), message.subject) else {
        return Ok(());
    };
    let Some(key) = security_keys::get(tx, tenant, SecurityKeyId::from_uuid(subject)).await? else {
        return Ok(());
    };
    let action = if message.kind == REMOVAL {
        removal(tx, &key, noted, outcome).await?
    } else {
        match noted {
            Noted::Done => Some("security_key.mail_sent"),
            Noted::GivenUp => Some("security_key.mail_failed"),
            Noted::PutOff => None,
        }
    };
    if let Some(action) = action {
        tx.record(AuditEntry {
            action,
            object_kind: "security_key",
            object_id: Some(subject),
            object_label: Some(label(&key)),
            after: Some(json!({ "message": message.id, "attempts": message.attempts })),
            reason: said(outcome),
            ..AuditEntry::default()
        });
    }
    tx.notify(Change {
        kind: "security_key",
        id: subject,
        revision: key.revision().get(),
    });
    Ok(())
}

/// What became of the credential elsewhere; only a change of it is an event.
async fn removal(
    tx: &mut Tx,
    key: &SecurityKey,
    noted: Noted,
    outcome: &Outcome,
) -> Result<Option<&'static str>, Failure> {
    let now = tx.now();
    let Some(provider) = key.identity_provider().provider().cloned() else {
        return Ok(None);
    };
    let waits = matches!(key.identity_provider(), IdpState::RemovalPending { .. });
    let failing = matches!(key.identity_provider(), IdpState::RemovalFailed { .. });
    let (said, action) = match (noted, outcome) {
        (Noted::Done, _) if waits || failing => (
            IdpState::Removed { provider, at: now },
            "security_key.credential_removed",
        ),
        (Noted::PutOff | Noted::GivenUp, Outcome::Later(_) | Outcome::Down(_) | Outcome::Refused(_)) if waits => (
            IdpState::RemovalFailed { provider, at: now },
            "security_key.credential_removal_failed",
        ),
        (Noted::Done | Noted::PutOff | Noted::GivenUp, _) => return Ok(None),
    };
    security_keys::save(tx, key, &key.identity_provider_said(said, now)).await?;
    Ok(Some(action))
}

fn said(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Done => None,
        Outcome::Refused(error) | Outcome::Later(error) | Outcome::Down(error) | Outcome::Nobody(error) => {
            Some(error.clone())
        }
    }
}

fn count(lane: &Lane, outcome: &Outcome) {
    let outcome = match outcome {
        Outcome::Done => "done",
        Outcome::Refused(_) => "refused",
        Outcome::Later(_) => "later",
        Outcome::Down(_) => "down",
        Outcome::Nobody(_) => "nobody",
    };
    metrics::counter!("outbox_tries_total", "kind" => lane.kind.clone(), "outcome" => outcome).increment(1);
}
