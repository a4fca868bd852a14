//! `/radius-clients`: who may ask for codes through RADIUS.

use claviger_api::{RadiusClient as View, RadiusClientChange, RadiusClientDraft, RadiusClients};
use claviger_domain::Timestamp;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path},
    guard::{SettingsRead, SettingsWrite, guarded},
    reply::{Answer, Reply},
    time::time,
};
use crate::{
    App,
    actions::radius_clients::{self, Client},
    auth::Caller,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<SettingsRead>(routes!(radius_client_list)))
        .routes(guarded::<SettingsWrite>(routes!(radius_client_create)))
        .routes(guarded::<SettingsWrite>(routes!(
            radius_client_update,
            radius_client_delete
        )))
}

fn view(client: &Client) -> View {
    View {
        id: client.id,
        name: client.name.clone(),
        network: client.network.clone(),
        created_at: time(Timestamp::from_micros(client.created_at)),
        created_by: client.created_by.clone(),
        rotated_at: time(Timestamp::from_micros(client.rotated_at)),
        revision: client.revision,
    }
}

impl Reply for Client {
    type Body = View;
    fn body(&self) -> Option<View> {
        Some(view(self))
    }
}

/// The clients, and whether this server answers RADIUS.
#[utoipa::path(get, path = "/radius-clients", operation_id = "radius_client_list", tag = "Settings",
    responses((status = 200, body = RadiusClients)))]
async fn radius_client_list(caller: Caller<SettingsRead>) -> Answer {
    let all = radius_clients::list(&caller).await?;
    let listen = caller.app().config().radius_listen.map(|address| address.to_string());
    caller.answer(RadiusClients {
        items: all.iter().map(view).collect(),
        listen,
    })
}

/// Adds a client.
#[utoipa::path(post, path = "/radius-clients", operation_id = "radius_client_create", tag = "Settings",
    request_body = RadiusClientDraft, responses((status = 201, body = View)))]
async fn radius_client_create(caller: Caller<SettingsWrite>, Json(draft): Json<RadiusClientDraft>) -> Answer {
    let client = radius_clients::create(&caller, draft).await?;
    caller.answer(client)
}

/// Changes a client, or gives it another secret.
#[utoipa::path(patch, path = "/radius-clients/{id}", operation_id = "radius_client_update", tag = "Settings",
    params(("id" = Uuid, Path, description = "The client")),
    request_body = RadiusClientChange, responses((status = 200, body = View)))]
async fn radius_client_update(
    caller: Caller<SettingsWrite>,
    Path(id): Path<Uuid>,
    Json(change): Json<RadiusClientChange>,
) -> Answer {
    let client = radius_clients::update(&caller, id, change).await?;
    caller.answer(client)
}

/// Takes a client away.
#[utoipa::path(delete, path = "/radius-clients/{id}", operation_id = "radius_client_delete", tag = "Settings",
    params(("id" = Uuid, Path, description = "The client")), responses((status = 204)))]
async fn radius_client_delete(caller: Caller<SettingsWrite>, Path(id): Path<Uuid>) -> Answer {
    radius_clients::delete(&caller, id).await?;
    caller.answer(())
}
