//! The log as a file, streamed in chunks; that it is exported is in the log before the first line leaves.

use async_stream::stream;
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::IntoResponse,
};
use claviger_api::AuditEvent as View;
use claviger_domain::{Privilege, TenantId};
use claviger_formats::csv_out::CsvOut;
use claviger_store::{
    Reader,
    audit::{AuditEvent, Filter, Page},
};
use futures_util::{Stream, StreamExt as _};
use uuid::Uuid;

use super::{
    super::{Answer, Query, csv, guard::Export, operation::binary},
    view,
    wanted::Wanted,
};
use crate::{App, Failure, actions, auth::Caller};

/// Events read at once.
const CHUNK: u16 = 1_000;

/// Columns of the CSV; `before` and `after` hold JSON.
const COLUMNS: [&str; 16] = [
    "at",
    "action",
    "actorKind",
    "actor",
    "actorId",
    "objectKind",
    "object",
    "objectId",
    "reason",
    "ticket",
    "address",
    "requestId",
    "before",
    "after",
    "lane",
    "sequence",
];

/// The log as JSON lines, newest first, streamed; the export itself is in the log.
#[utoipa::path(get, path = "/audit-events/export.jsonl", operation_id = "audit_event_export", tag = "Audit", params(Wanted),
    responses((status = 200, content_type = "application/jsonl", body = inline(Lines))))]
pub(super) async fn audit_event_export(caller: Caller<Export>, Query(wanted): Query<Wanted>) -> Answer {
    let chunks = begin(&caller, &wanted, "jsonl").await?;
    let lines =
        chunks.map(|events| events.and_then(|events| json_lines(events).map_err(|failure| csv::broken(&failure))));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/jsonl")),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"audit-events.jsonl\""),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// The log as CSV, newest first, streamed; cells that a spreadsheet would run are inert; the export itself is in the log.
#[utoipa::path(get, path = "/audit-events/export.csv", operation_id = "audit_event_export_csv", tag = "Audit", params(Wanted),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub(super) async fn audit_event_export_csv(caller: Caller<Export>, Query(wanted): Query<Wanted>) -> Answer {
    let chunks = begin(&caller, &wanted, "csv").await?;
    let head = futures_util::stream::iter([Ok(head())]);
    let lines = chunks.map(|events| events.map(csv_lines));
    Ok(csv::file("audit-events.csv", head.chain(lines)))
}

/// Notes the export, then reads chunk by chunk; what breaks off ends the connection, so that nobody takes a part for the whole.
async fn begin(
    caller: &Caller<Export>,
    wanted: &Wanted,
    format: &str,
) -> Result<impl Stream<Item = Result<Vec<AuditEvent>, std::io::Error>> + Send + 'static, Failure> {
    caller.require(Privilege::AuditRead)?;
    let filter = wanted.filter()?;
    actions::audit::export_recorded(caller, wanted.said(format)).await?;
    let (app, tenant) = (caller.app().clone(), caller.tenant());
    Ok(stream! {
        let mut page = Page::First;
        loop {
            match chunk(&app, tenant, &filter, page).await {
                Ok((events, next)) => {
                    yield Ok(events);
                    let Some(next) = next else { break };
                    page = Page::After(next);
                }
                Err(failure) => {
                    yield Err(csv::broken(&failure));
                    break;
                }
            }
        }
    })
}

async fn chunk(
    app: &App,
    tenant: TenantId,
    filter: &Filter,
    page: Page,
) -> Result<(Vec<AuditEvent>, Option<Uuid>), Failure> {
    let filter = filter.clone();
    let read = async move |reader: &mut Reader| actions::audit::page_of(reader, tenant, &filter, page, CHUNK).await;
    let page = app.store().read(read).await?;
    let next = page.events.last().filter(|_| page.older).map(|event| event.id);
    Ok((page.events, next))
}

fn json_lines(events: Vec<AuditEvent>) -> Result<Bytes, Failure> {
    let mut lines = Vec::new();
    for event in events {
        serde_json::to_writer(&mut lines, &view(event)).map_err(Failure::internal)?;
        lines.push(b'\n');
    }
    Ok(lines.into())
}

fn head() -> Bytes {
    let mut out = CsvOut::default();
    for name in COLUMNS {
        out.cell(name);
    }
    out.end();
    out.take().into()
}

fn csv_lines(events: Vec<AuditEvent>) -> Bytes {
    let mut out = CsvOut::default();
    for event in events {
        line(&mut out, event);
    }
    out.take().into()
}

fn line(out: &mut CsvOut, event: AuditEvent) {
    let (before, after) = (event.before.clone(), event.after.clone());
    let event: View = view(event);
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    out.cell(&event.at.to_string())
        .cell(&event.action)
        .cell(&event.actor.kind)
        .cell(&event.actor.label)
        .cell(&id(event.actor.id))
        .cell(&event.object.kind)
        .cell(&event.object.label)
        .cell(&id(event.object.id))
        .cell(event.reason.as_deref().unwrap_or_default())
        .cell(event.ticket.as_deref().unwrap_or_default())
        .cell(event.source.as_deref().unwrap_or_default())
        .cell(event.request_id.as_deref().unwrap_or_default())
        .cell(before.as_deref().unwrap_or_default())
        .cell(after.as_deref().unwrap_or_default())
        .cell(&event.lane.to_string())
        .cell(&event.sequence.to_string())
        .end();
}

/// JSON lines.
struct Lines;

impl utoipa::PartialSchema for Lines {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        binary().into()
    }
}

impl utoipa::ToSchema for Lines {}
