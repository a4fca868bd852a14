//! `/policies`.

use claviger_api::{FieldError, Page, PinKind, Policy as View, PolicyDraft, PolicyType, PolicyVersion};
use claviger_domain::{
    PolicyId,
    policy::{self, PolicyKind, PolicyRules},
    text::{PolicyName, fold},
};
use claviger_store::policies::{Listed, Version};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path, Query},
    guard::{PolicyRead, PolicyWrite, guarded},
    reply::{Answer, Reply, whole},
    time::time,
};
use crate::{App, Failure, actions, auth::Caller};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<PolicyRead>(routes!(policy_list)))
        .routes(guarded::<PolicyWrite>(routes!(policy_create)))
        .routes(guarded::<PolicyRead>(routes!(policy_get)))
        .routes(guarded::<PolicyWrite>(routes!(policy_update, policy_delete)))
        .routes(guarded::<PolicyRead>(routes!(policy_version_list)))
        .routes(guarded::<PolicyWrite>(routes!(policy_archive)))
        .routes(guarded::<PolicyWrite>(routes!(policy_restore)))
}

/// Which policies.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// A part of the name, in any case.
    q: Option<String>,
    /// Archived ones alone, or those alone that are offered; both when left out.
    archived: Option<bool>,
    /// Most policies of a page, 1 to 200; 200 when left out.
    limit: Option<u32>,
    /// `next_cursor` or `previous_cursor` of another page.
    cursor: Option<String>,
}

impl Wanted {
    fn wants(&self, policy: &policy::Policy) -> bool {
        let part = self.q.as_deref().map(|q| fold(q.trim()));
        part.is_none_or(|part| policy.name().folded().contains(&part))
            && self.archived.is_none_or(|archived| archived == policy.is_archived())
    }

    /// The page behind the policy that the cursor names, or before it.
    fn page(&self, all: &[Listed]) -> Result<Page<View>, Failure> {
        let limit = usize::try_from(self.limit.unwrap_or(MOST)).unwrap_or_default();
        if !(1..=usize::try_from(MOST).unwrap_or_default()).contains(&limit) {
            return Err(Failure::invalid(
                "?limit",
                format!("a number from 1 to {MOST} is wanted"),
            ));
        }
        let begin = self.begin(all, limit)?;
        let end = begin.saturating_add(limit).min(all.len());
        let shown = all.get(begin..end).unwrap_or_default();
        let cursor = |way: char, listed: Option<&Listed>| listed.map(|one| format!("{way}{}", one.policy.id()));
        let mut page = whole(shown.iter().map(view).collect());
        page.next_cursor = cursor('a', shown.last().filter(|_| end < all.len()));
        page.previous_cursor = cursor('b', shown.first().filter(|_| begin > 0));
        page.total.count = u64::try_from(all.len()).unwrap_or(u64::MAX);
        Ok(page)
    }

    fn begin(&self, all: &[Listed], limit: usize) -> Result<usize, Failure> {
        let Some(cursor) = &self.cursor else { return Ok(0) };
        let wrong = || Failure::invalid("?cursor", "send a cursor of an earlier answer, as it was");
        let (way, id) = cursor.split_at_checked(1).ok_or_else(wrong)?;
        let id: PolicyId = id.parse().map_err(|_| wrong())?;
        let place = all.iter().position(|one| one.policy.id() == id);
        match (way, place) {
            ("a", Some(place)) => Ok(place.saturating_add(1)),
            ("b", Some(place)) => Ok(place.saturating_sub(limit)),
            // It was deleted meanwhile: from the beginning.
            ("a" | "b", None) => Ok(0),
            _ => Err(wrong()),
        }
    }
}

const MOST: u32 = 200;

impl Reply for Listed {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(view(self))
    }
}

fn view(listed: &Listed) -> View {
    let policy = &listed.policy;
    View {
        id: policy.id().as_uuid(),
        revision: policy.revision().get(),
        version: policy.version().get(),
        terms: terms(policy.name().as_str(), policy.rules()),
        in_use: listed.in_use > 0,
        archived: policy.is_archived(),
        created_at: time(policy.created_at()),
        updated_at: time(policy.updated_at()),
    }
}

pub(super) fn terms(name: &str, rules: &PolicyRules) -> PolicyDraft {
    let texts = |ids: &[policy::RpId]| ids.iter().map(|id| id.as_str().to_owned()).collect();
    PolicyDraft {
        name: name.to_owned(),
        kind: match rules.kind() {
            PolicyKind::Standard => PolicyType::Standard,
            PolicyKind::Enterprise => PolicyType::Enterprise,
        },
        min_pin_length: rules.min_pin_length(),
        force_pin_change: rules.force_pin_change(),
        always_uv: rules.always_uv(),
        min_pin_length_rp_ids: texts(rules.min_pin_length_rp_ids()),
        allowed_services: texts(rules.allowed_services()),
        enterprise_attestation: rules.enterprise_attestation(),
        pin_kind: match rules.pin_kind() {
            policy::PinKind::Digits => PinKind::Digits,
            policy::PinKind::Characters => PinKind::Characters,
        },
        reset_allowed: rules.reset_allowed(),
        initial_pin_days: rules.initial_pin_days(),
    }
}

/// Reads a draft; every fault is told at once.
fn read(draft: &PolicyDraft) -> Result<(PolicyName, PolicyRules), Failure> {
    let mut faults = Vec::new();
    let mut note = |errors: Vec<policy::FieldError>| {
        faults.extend(errors.into_iter().map(|error| FieldError {
            pointer: error.pointer,
            detail: error.detail,
        }));
    };
    let name =
        PolicyName::new(&draft.name).map_err(|fault| note(vec![policy::FieldError::new("/name", fault.to_string())]));
    let readable =
        policy::PolicyDraft::rp_ids("min_pin_length_rp_ids", &draft.min_pin_length_rp_ids).map_err(&mut note);
    let allowed = policy::PolicyDraft::rp_ids("allowed_services", &draft.allowed_services).map_err(&mut note);
    let rules = PolicyRules::new(policy::PolicyDraft {
        kind: match draft.kind {
            PolicyType::Standard => PolicyKind::Standard,
            PolicyType::Enterprise => PolicyKind::Enterprise,
        },
        min_pin_length: draft.min_pin_length,
        force_pin_change: draft.force_pin_change,
        always_uv: draft.always_uv,
        min_pin_length_rp_ids: readable.unwrap_or_default(),
        allowed_services: allowed.unwrap_or_default(),
        enterprise_attestation: draft.enterprise_attestation,
        pin_kind: match draft.pin_kind {
            PinKind::Digits => policy::PinKind::Digits,
            PinKind::Characters => policy::PinKind::Characters,
        },
        reset_allowed: draft.reset_allowed,
        initial_pin_days: draft.initial_pin_days,
    })
    .map_err(note);
    match (name, rules) {
        (Ok(name), Ok(rules)) if faults.is_empty() => Ok((name, rules)),
        _ => Err(Failure::Validation(faults)),
    }
}

/// The tenant's policies by name, archived ones among them.
#[utoipa::path(get, path = "/policies", operation_id = "policy_list", tag = "Policies", params(Wanted),
    responses((status = 200, body = Page<View>)))]
async fn policy_list(caller: Caller<PolicyRead>, Query(wanted): Query<Wanted>) -> Answer {
    let mut all = actions::policies::list(&caller).await?;
    all.retain(|listed| wanted.wants(&listed.policy));
    caller.answer(wanted.page(&all)?)
}

/// Makes a policy.
#[utoipa::path(post, path = "/policies", operation_id = "policy_create", tag = "Policies", request_body = PolicyDraft,
    responses((status = 201, body = View)))]
async fn policy_create(caller: Caller<PolicyWrite>, Json(draft): Json<PolicyDraft>) -> Answer {
    let (name, rules) = read(&draft)?;
    let policy = actions::policies::create(&caller, name, rules).await?;
    caller.answer(policy)
}

/// One policy.
#[utoipa::path(get, path = "/policies/{id}", operation_id = "policy_get", tag = "Policies", params(("id" = Uuid, Path)),
    responses((status = 200, body = View)))]
async fn policy_get(caller: Caller<PolicyRead>, Path(id): Path<Uuid>) -> Answer {
    let policy = actions::policies::get(&caller, PolicyId::from_uuid(id)).await?;
    caller.answer(policy)
}

/// Changes a policy; one in use gets a new version.
#[utoipa::path(put, path = "/policies/{id}", operation_id = "policy_update", tag = "Policies", params(("id" = Uuid, Path)),
    request_body = PolicyDraft, responses((status = 200, body = View)))]
async fn policy_update(caller: Caller<PolicyWrite>, Path(id): Path<Uuid>, Json(draft): Json<PolicyDraft>) -> Answer {
    let (name, rules) = read(&draft)?;
    let policy = actions::policies::update(&caller, PolicyId::from_uuid(id), name, rules).await?;
    caller.answer(policy)
}

/// Deletes a policy that no key uses.
#[utoipa::path(delete, path = "/policies/{id}", operation_id = "policy_delete", tag = "Policies", params(("id" = Uuid, Path)),
    responses((status = 204)))]
async fn policy_delete(caller: Caller<PolicyWrite>, Path(id): Path<Uuid>) -> Answer {
    actions::policies::delete(&caller, PolicyId::from_uuid(id)).await?;
    caller.answer(())
}

/// All versions of a policy, the newest first.
#[utoipa::path(get, path = "/policies/{id}/versions", operation_id = "policy_version_list", tag = "Policies",
    params(("id" = Uuid, Path)), responses((status = 200, body = Page<PolicyVersion>)))]
async fn policy_version_list(caller: Caller<PolicyRead>, Path(id): Path<Uuid>) -> Answer {
    let (name, all) = actions::policies::versions(&caller, PolicyId::from_uuid(id)).await?;
    let version = |one: &Version| PolicyVersion {
        version: one.version.get(),
        terms: terms(&name, &one.rules),
        created_at: time(one.created_at),
    };
    caller.answer(whole(all.iter().map(version).collect()))
}

/// Takes a policy out of the lists from which keys are linked; its keys keep it.
#[utoipa::path(post, path = "/policies/{id}/archive", operation_id = "policy_archive", tag = "Policies",
    params(("id" = Uuid, Path)), responses((status = 200, body = View)))]
async fn policy_archive(caller: Caller<PolicyWrite>, Path(id): Path<Uuid>) -> Answer {
    let policy = actions::policies::archive(&caller, PolicyId::from_uuid(id)).await?;
    caller.answer(policy)
}

/// Offers an archived policy again.
#[utoipa::path(post, path = "/policies/{id}/restore", operation_id = "policy_restore", tag = "Policies",
    params(("id" = Uuid, Path)), responses((status = 200, body = View)))]
async fn policy_restore(caller: Caller<PolicyWrite>, Path(id): Path<Uuid>) -> Answer {
    let policy = actions::policies::restore(&caller, PolicyId::from_uuid(id)).await?;
    caller.answer(policy)
}
