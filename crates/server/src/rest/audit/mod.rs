//! `/audit-events`, `/audit`: the log, its export, its checkpoints, its verification.

mod export;
mod wanted;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use claviger_api::{
    Acknowledged, Acknowledgement, AttentionEvent, AuditActor, AuditCheckpoint, AuditEvent as View, AuditHead,
    AuditObject, AuditVerification, Page as List, Total,
};
use claviger_domain::{TenantId, Timestamp};
use claviger_store::audit::{AuditEvent, Checkpoint, read_body};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::wanted::Wanted;
use super::{
    extract::{Json, Query},
    guard::{AuditRead, Export, guarded},
    reply::{Answer, whole},
    time::time,
};
use crate::{App, actions, auth::Caller};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<AuditRead>(routes!(audit_event_list)))
        .routes(guarded::<Export>(routes!(export::audit_event_export)))
        .routes(guarded::<Export>(routes!(export::audit_event_export_csv)))
        .routes(guarded::<AuditRead>(routes!(audit_checkpoint_list)))
        .routes(guarded::<AuditRead>(routes!(audit_verify)))
        .routes(guarded::<AuditRead>(routes!(audit_acknowledge)))
}

fn view(event: AuditEvent) -> View {
    let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    View {
        id: event.id,
        at: time(event.at),
        action: event.action,
        actor: AuditActor {
            kind: event.actor_kind,
            id: event.actor_id,
            label: event.actor_label,
        },
        object: AuditObject {
            kind: event.object_kind,
            id: event.object_id,
            label: event.object_label.unwrap_or_default(),
        },
        source: event.source,
        request_id: event.request_id,
        before: json(event.before),
        after: json(event.after),
        reason: event.reason,
        ticket: event.ticket,
        lane: event.lane,
        sequence: event.sequence,
        hash: HEXLOWER.encode(&event.hash),
    }
}

/// The log, newest first. The total is not counted: it is the page's own length when the log fits one page.
#[utoipa::path(get, path = "/audit-events", operation_id = "audit_event_list", tag = "Audit", params(Wanted),
    responses((status = 200, body = List<View>)))]
async fn audit_event_list(caller: Caller<AuditRead>, Query(wanted): Query<Wanted>) -> Answer {
    let page = actions::audit::list(&caller, wanted.filter()?, wanted.page()?, wanted.limit()?).await?;
    let cursor = |kind: &str, event: Option<&AuditEvent>| event.map(|event| format!("{kind}{}", event.id));
    let next_cursor = cursor("a", page.events.last().filter(|_| page.older));
    let previous_cursor = cursor("b", page.events.first().filter(|_| page.newer));
    let total = Total {
        count: u64::try_from(page.events.len()).unwrap_or(0),
        capped: page.older || page.newer,
    };
    let items: Vec<View> = page.events.into_iter().map(view).collect();
    caller.answer(List {
        items,
        next_cursor,
        previous_cursor,
        total,
    })
}

/// The newest signed checkpoints, oldest first.
#[utoipa::path(get, path = "/audit/checkpoints", operation_id = "audit_checkpoint_list", tag = "Audit",
    responses((status = 200, body = List<AuditCheckpoint>)))]
async fn audit_checkpoint_list(caller: Caller<AuditRead>) -> Answer {
    let (all, tenant) = (actions::audit::checkpoints(&caller).await?, caller.tenant());
    caller.answer(whole(all.iter().map(|one| checkpoint(one, tenant)).collect()))
}

fn checkpoint(one: &Checkpoint, tenant: TenantId) -> AuditCheckpoint {
    let heads = read_body(&one.body).map(|said| said.heads).unwrap_or_default();
    let own = heads.into_iter().filter(|head| head.tenant == tenant);
    AuditCheckpoint {
        sequence: one.sequence,
        at: time(one.at),
        heads: own
            .map(|head| AuditHead {
                lane: head.lane,
                sequence: head.sequence,
                hash: HEXLOWER.encode(&head.hash),
            })
            .collect(),
        sha256: HEXLOWER.encode(&Sha256::digest(&one.body)),
        signature: STANDARD.encode(&one.signature),
        public_key: one.key_id.clone(),
    }
}

/// Checks the whole log against its chain, its heads and the checkpoints.
#[utoipa::path(post, path = "/audit/verification", operation_id = "audit_verify", tag = "Audit",
    responses((status = 200, body = AuditVerification)))]
async fn audit_verify(caller: Caller<AuditRead>) -> Answer {
    let found = actions::audit::verify(&caller).await?;
    caller.answer(found)
}

/// Takes note of events that the overview shows until then: of sign-ins of Owners beside the identity provider, up to the
/// newest that was seen. Nobody takes note of his own.
#[utoipa::path(post, path = "/audit/acknowledgements", operation_id = "audit_acknowledge", tag = "Audit",
    request_body = Acknowledgement, responses((status = 200, body = Acknowledged)))]
async fn audit_acknowledge(caller: Caller<AuditRead>, Json(order): Json<Acknowledgement>) -> Answer {
    let until = Timestamp::from_micros(order.until.as_micros());
    let taken = match order.kind {
        AttentionEvent::BreakGlass => actions::audit::acknowledge_break_glass(&caller, until).await?,
    };
    caller.answer(taken)
}
