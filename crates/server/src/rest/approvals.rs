//! `/approvals`: a second person's agreement.

use claviger_api::{
    Approval as View, ApprovalDraft, ApprovalKind, ApprovalParty, ApprovalStatus, NoArguments, SecurityKeyRef,
};
use claviger_domain::{
    ApprovalId, SecurityKeyId,
    approval::{Kind, Party, Status},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path, Query},
    guard::{InventoryRead, guarded},
    newest_first::NewestFirst,
    reply::{Answer, Reply},
    security_keys::parse,
    time::time,
};
use crate::{
    App,
    actions::approvals::{self, Draft, Named},
    auth::Caller,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<InventoryRead>(routes!(approval_list, approval_create)))
        .routes(guarded::<InventoryRead>(routes!(approval_get)))
        .routes(guarded::<InventoryRead>(routes!(approval_approve)))
        .routes(guarded::<InventoryRead>(routes!(approval_decline)))
}

/// Which requests.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Of this status alone.
    status: Option<ApprovalStatus>,
    /// Most requests of a page, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next_cursor` or `previous_cursor` of another page.
    cursor: Option<String>,
}

impl Reply for Named {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(view(self))
    }
}

fn view(named: &Named) -> View {
    let (approval, answer) = (&named.approval, named.approval.answer());
    let (device_name, serial_number) = named.key.clone().unzip();
    View {
        id: approval.id.as_uuid(),
        revision: approval.revision,
        kind: match approval.kind {
            Kind::AdminPin => ApprovalKind::AdminPin,
            Kind::Reinstate => ApprovalKind::Reinstate,
            Kind::AdminPinAlone => ApprovalKind::AdminPinAlone,
        },
        status: match named.status {
            Status::Pending => ApprovalStatus::Pending,
            Status::Approved => ApprovalStatus::Approved,
            Status::Declined => ApprovalStatus::Declined,
            Status::Used => ApprovalStatus::Used,
            Status::Expired => ApprovalStatus::Expired,
        },
        security_key: approval.kind.is_about_a_key().then(|| SecurityKeyRef {
            id: approval.security_key.as_uuid(),
            device_name,
            serial_number,
        }),
        requested_by: party(&approval.requested_by),
        reason: approval.reason.as_str().to_owned(),
        answered_by: answer.map(|answer| party(&answer.by)),
        answered_at: answer.map(|answer| time(answer.at)),
        created_at: time(approval.created_at),
        expires_at: time(approval.expires_at),
    }
}

fn party(party: &Party) -> ApprovalParty {
    ApprovalParty {
        id: party.id,
        person: party.person.clone(),
    }
}

const fn status(status: ApprovalStatus) -> Status {
    match status {
        ApprovalStatus::Pending => Status::Pending,
        ApprovalStatus::Approved => Status::Approved,
        ApprovalStatus::Declined => Status::Declined,
        ApprovalStatus::Used => Status::Used,
        ApprovalStatus::Expired => Status::Expired,
    }
}

/// Requests for what the caller may do himself, the newest first.
#[utoipa::path(get, path = "/approvals", operation_id = "approval_list", tag = "approvals",
    params(Wanted), responses((status = 200, body = claviger_api::Page<View>)))]
async fn approval_list(caller: Caller<InventoryRead>, Query(wanted): Query<Wanted>) -> Answer {
    let place = NewestFirst::of(wanted.limit, wanted.cursor).place()?;
    let (status, after) = (wanted.status.map(status), place.after().map(ApprovalId::from_uuid));
    let found = approvals::list(&caller, status, after, place.limit()).await?;
    caller.answer(place.page(found, |one| one.approval.id.as_uuid(), view))
}

/// One request.
#[utoipa::path(get, path = "/approvals/{id}", operation_id = "approval_get", tag = "approvals",
    params(("id" = Uuid, Path, description = "The request")), responses((status = 200, body = View)))]
async fn approval_get(caller: Caller<InventoryRead>, Path(id): Path<Uuid>) -> Answer {
    let found = approvals::get(&caller, ApprovalId::from_uuid(id)).await?;
    caller.answer(found)
}

/// Asks for a second person's agreement; this needs the privilege for what is asked for.
#[utoipa::path(post, path = "/approvals", operation_id = "approval_create", tag = "approvals",
    request_body = ApprovalDraft, responses((status = 201, body = View)))]
async fn approval_create(caller: Caller<InventoryRead>, Json(body): Json<ApprovalDraft>) -> Answer {
    let draft = Draft {
        kind: match body.kind {
            ApprovalKind::AdminPin => Kind::AdminPin,
            ApprovalKind::Reinstate => Kind::Reinstate,
            ApprovalKind::AdminPinAlone => Kind::AdminPinAlone,
        },
        key: body.security_key_id.map(SecurityKeyId::from_uuid),
        reason: parse::reason(&body.reason, "")?,
    };
    let asked = approvals::ask(&caller, draft).await?;
    caller.answer(asked)
}

/// Agrees to another person's request; it can be used once, within 15 minutes.
#[utoipa::path(post, path = "/approvals/{id}/approve", operation_id = "approval_approve", tag = "approvals",
    params(("id" = Uuid, Path, description = "The request")), request_body = NoArguments,
    responses((status = 200, body = View)))]
async fn approval_approve(caller: Caller<InventoryRead>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let answered = approvals::approve(&caller, ApprovalId::from_uuid(id)).await?;
    caller.answer(answered)
}

/// Declines a request.
#[utoipa::path(post, path = "/approvals/{id}/decline", operation_id = "approval_decline", tag = "approvals",
    params(("id" = Uuid, Path, description = "The request")), request_body = NoArguments,
    responses((status = 200, body = View)))]
async fn approval_decline(caller: Caller<InventoryRead>, Path(id): Path<Uuid>, _none: Json<NoArguments>) -> Answer {
    let answered = approvals::decline(&caller, ApprovalId::from_uuid(id)).await?;
    caller.answer(answered)
}
