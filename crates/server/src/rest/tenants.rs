//! `/tenants`, `/settings`.

use claviger_api::{MailTest, MailTested, Page, Settings, SettingsChange, Tenant as View, TenantChange, TenantDraft};
use claviger_domain::TenantId;
use claviger_store::tenants::Tenant;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path},
    guard::{SettingsRead, SettingsWrite, TenantRead, TenantWrite, guarded},
    reply::{Answer, Reply, whole},
    time::time,
};
use crate::{App, actions, auth::Caller};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<TenantRead>(routes!(tenant_list)))
        .routes(guarded::<TenantWrite>(routes!(tenant_create)))
        .routes(guarded::<TenantWrite>(routes!(tenant_update)))
        .routes(guarded::<SettingsRead>(routes!(settings_show)))
        .routes(guarded::<SettingsWrite>(routes!(settings_update)))
        .routes(guarded::<SettingsWrite>(routes!(settings_mail_test)))
}

impl Reply for Tenant {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(View {
            id: self.id.as_uuid(),
            revision: self.revision,
            name: self.name.clone(),
            created_at: time(self.created_at),
        })
    }
}

/// The tenants in which I hold a role.
#[utoipa::path(get, path = "/tenants", operation_id = "tenant_list", tag = "Tenants", responses((status = 200, body = Page<View>)))]
async fn tenant_list(caller: Caller<TenantRead>) -> Answer {
    let all = actions::tenants::list(&caller).await?;
    caller.answer(whole(all.iter().filter_map(Reply::body).collect()))
}

/// Makes a tenant; I become its first Owner.
#[utoipa::path(post, path = "/tenants", operation_id = "tenant_create", tag = "Tenants", request_body = TenantDraft,
    responses((status = 201, body = View)))]
async fn tenant_create(caller: Caller<TenantWrite>, Json(draft): Json<TenantDraft>) -> Answer {
    let tenant = actions::tenants::create(&caller, draft).await?;
    caller.answer(tenant)
}

/// Renames the tenant that I work in.
#[utoipa::path(patch, path = "/tenants/{id}", operation_id = "tenant_update", tag = "Tenants", params(("id" = Uuid, Path)),
    request_body = TenantChange, responses((status = 200, body = View)))]
async fn tenant_update(caller: Caller<TenantWrite>, Path(id): Path<Uuid>, Json(change): Json<TenantChange>) -> Answer {
    let tenant = actions::tenants::update(&caller, TenantId::from_uuid(id), change).await?;
    caller.answer(tenant)
}

/// The tenant's settings.
#[utoipa::path(get, path = "/settings", operation_id = "settings_show", tag = "Settings", responses((status = 200, body = Settings)))]
async fn settings_show(caller: Caller<SettingsRead>) -> Answer {
    let settings = actions::settings::show(&caller).await?;
    caller.answer(settings)
}

/// Changes the settings that are given.
#[utoipa::path(patch, path = "/settings", operation_id = "settings_update", tag = "Settings", request_body = SettingsChange,
    responses((status = 200, body = Settings)))]
async fn settings_update(caller: Caller<SettingsWrite>, Json(change): Json<SettingsChange>) -> Answer {
    let settings = actions::settings::update(&caller, change).await?;
    caller.answer(settings)
}

/// Sends a trial letter through the tenant's mail server and says what it said.
#[utoipa::path(post, path = "/settings/mail/test", operation_id = "settings_mail_test", tag = "Settings", request_body = MailTest,
    responses((status = 200, body = MailTested)))]
async fn settings_mail_test(caller: Caller<SettingsWrite>, Json(order): Json<MailTest>) -> Answer {
    let tested = actions::settings::try_mail(&caller, order).await?;
    caller.answer(tested)
}
