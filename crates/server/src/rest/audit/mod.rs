//! `/audit-events`, `/audit`: the log, its export, its checkpoints, its verification.

use async_stream::stream;
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::IntoResponse,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use claviger_api::{
    AuditActor, AuditCheckpoint, AuditEvent as View, AuditHead, AuditObject, AuditVerification, Page as List, Time,
    Total,
};
use claviger_domain::{TenantId, Timestamp};
use claviger_store::audit::{AuditEvent, Checkpoint, Filter, Page, read_body};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::Query,
    guard::{AuditRead, Export, guarded},
    operation::binary,
    reply::{Answer, whole},
    time::time,
};
use crate::{App, Failure, actions, auth::Caller};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<AuditRead>(routes!(audit_event_list)))
        .routes(guarded::<Export>(routes!(audit_event_export)))
        .routes(guarded::<AuditRead>(routes!(audit_checkpoint_list)))
        .routes(guarded::<AuditRead>(routes!(audit_verify)))
}

/// What to look for in the log.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// By whom: an administrator's or API token's id.
    actor: Option<Uuid>,
    /// What happened (`policy.created`), or everything of a kind (`policy.`).
    action: Option<String>,
    /// To which object.
    object: Option<Uuid>,
    /// Not before this time.
    #[param(value_type = Option<Time>)]
    from: Option<String>,
    /// Before this time.
    #[param(value_type = Option<Time>)]
    to: Option<String>,
    /// Text in action, names, reason, ticket or address.
    q: Option<String>,
    /// Events on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins, as another page said.
    cursor: Option<String>,
}

impl Wanted {
    fn filter(&self) -> Result<Filter, Failure> {
        Ok(Filter {
            actor: self.actor,
            action: self.action.clone(),
            objects: self.object.into_iter().collect(),
            from: self.from.as_deref().map(|text| moment("?from", text)).transpose()?,
            to: self.to.as_deref().map(|text| moment("?to", text)).transpose()?,
            q: self.q.clone(),
        })
    }

    fn page(&self) -> Result<Page, Failure> {
        let Some(cursor) = self.cursor.as_deref() else {
            return Ok(Page::First);
        };
        let wrong = || Failure::invalid("?cursor", "this cursor is not one that a page said");
        let id = |text: &str| text.parse::<Uuid>().map_err(|_| wrong());
        match cursor.split_at_checked(1) {
            Some(("a", rest)) => Ok(Page::After(id(rest)?)),
            Some(("b", rest)) => Ok(Page::Before(id(rest)?)),
            _ => Err(wrong()),
        }
    }

    fn limit(&self) -> Result<u16, Failure> {
        let limit = self.limit.unwrap_or(50);
        if (1..=200).contains(&limit) {
            Ok(limit)
        } else {
            Err(Failure::invalid("?limit", "1 to 200 are wanted"))
        }
    }
}

fn moment(pointer: &str, text: &str) -> Result<Timestamp, Failure> {
    text.parse()
        .map_err(|error: claviger_domain::timestamp::InvalidTimestamp| Failure::invalid(pointer, error.to_string()))
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

/// The log as JSON lines, newest first, streamed; the export itself is in the log.
#[utoipa::path(get, path = "/audit-events/export.jsonl", operation_id = "audit_event_export", tag = "Audit", params(Wanted),
    responses((status = 200, content_type = "application/jsonl", body = inline(Lines))))]
async fn audit_event_export(caller: Caller<Export>, Query(wanted): Query<Wanted>) -> Answer {
    caller.require(claviger_domain::Privilege::AuditRead)?;
    let filter = wanted.filter()?;
    let said = serde_json::json!({ "action": wanted.action, "q": wanted.q, "from": wanted.from, "to": wanted.to });
    actions::audit::export_recorded(&caller, said).await?;
    let (app, tenant) = (caller.app().clone(), caller.tenant());
    let lines = stream! {
        let mut page = Page::First;
        loop {
            match chunk(&app, tenant, &filter, page).await {
                Ok((lines, next)) => {
                    yield Ok::<_, BrokenOff>(lines);
                    let Some(next) = next else { break };
                    page = Page::After(next);
                }
                Err(failure) => {
                    tracing::error!(?failure, "an export broke off");
                    yield Err(BrokenOff);
                    break;
                }
            }
        }
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"audit-events.jsonl\""),
        ),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// A stream that breaks off ends the connection, so that nobody takes a part for the whole.
#[derive(Debug, thiserror::Error)]
#[error("the export broke off")]
struct BrokenOff;

/// JSON lines.
struct Lines;

impl utoipa::PartialSchema for Lines {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        binary().into()
    }
}

impl utoipa::ToSchema for Lines {}

async fn chunk(app: &App, tenant: TenantId, filter: &Filter, page: Page) -> Result<(Bytes, Option<Uuid>), Failure> {
    const CHUNK: u16 = 1_000;
    let filter = filter.clone();
    let read = async move |reader: &mut claviger_store::Reader| {
        actions::audit::page_of(reader, tenant, &filter, page, CHUNK).await
    };
    let page = app.store().read(read).await?;
    let next = page.events.last().filter(|_| page.older).map(|event| event.id);
    let mut lines = Vec::new();
    for event in page.events {
        serde_json::to_writer(&mut lines, &view(event)).map_err(Failure::internal)?;
        lines.push(b'\n');
    }
    Ok((lines.into(), next))
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
