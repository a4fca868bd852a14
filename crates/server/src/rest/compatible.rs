//! `/pi/{tenant}/validate/check`: clients of privacyIDEA ask here as they asked there. Off until a tenant turns it on, and
//! then only from its networks. By this road a code may stand in the address; no line of ours repeats an address's query.

use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use claviger_domain::{SerialNumber, TenantId};
use claviger_store::otp_tokens::Sought;
use http_body_util::{BodyExt as _, Limited};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{entry::Entry, extract::Path};
use crate::{
    App, Failure,
    actions::{
        compatible,
        verifications::{self, Asker, Reason},
    },
};

/// Bytes that a form may have.
const LONGEST_FORM: usize = 64 * 1024;

/// privacyIDEA's number for a parameter that is missing.
const MISSING: i64 = 905;

pub(super) fn router() -> Router<App> {
    Router::new().route("/pi/{tenant}/validate/check", get(check).post(check))
}

/// What is asked; what else a client says (realm, resolver, transaction) has no meaning here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    user: Option<String>,
    serial: Option<String>,
    pass: Option<String>,
}

async fn check(State(app): State<App>, Path(tenant): Path<Uuid>, request: Request) -> Result<Response, Failure> {
    let entry = request.extensions().get::<Entry>().cloned();
    let entry = entry.ok_or_else(|| Failure::internal("a request without an entry"))?;
    let tenant = TenantId::from_uuid(tenant);
    compatible::admit(&app, tenant, entry.address()).await?;
    let Some(asked) = asked(request).await else {
        return Ok(error("the parameters are not well-formed"));
    };
    let Some(otp) = asked.pass.map(Zeroizing::new) else {
        return Ok(error("Missing parameter: pass"));
    };
    let sought = match (asked.user.as_deref().map(str::trim), asked.serial.as_deref()) {
        (Some(user), None | Some("")) if !user.is_empty() => Sought::User(user.to_owned()),
        (None | Some(""), Some(serial)) => match SerialNumber::new(serial) {
            Ok(serial) => Sought::Serial(serial),
            Err(_) => return Ok(answer(Reason::Rejected)),
        },
        (Some(user), Some(_)) if !user.is_empty() => return Ok(error("Give user or serial, not both")),
        _ => return Ok(error("Missing parameter: user or serial")),
    };
    let program = Asker {
        app: &app,
        tenant,
        name: "validate/check".to_owned(),
        address: entry.address(),
        request_id: Some(entry.request_id().to_owned()),
    };
    let reason = verifications::verify_for(program, sought, otp).await?;
    Ok(answer(reason))
}

/// The query of a GET; the form or the JSON of a POST, and where they say nothing, the query.
async fn asked(request: Request) -> Option<Asked> {
    let query = Zeroizing::new(request.uri().query().unwrap_or_default().to_owned());
    let in_query: Asked = serde_urlencoded::from_str(&query).ok()?;
    if *request.method() != Method::POST {
        return Some(in_query);
    }
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.starts_with("application/json"));
    let body = Limited::new(request.into_body(), LONGEST_FORM).collect().await.ok()?;
    let body = Zeroizing::new(body.to_bytes().to_vec());
    let said: Asked = match (body.is_empty(), is_json) {
        (true, _) => Asked::default(),
        (false, true) => serde_json::from_slice(&body).ok()?,
        (false, false) => serde_urlencoded::from_bytes(&body).ok()?,
    };
    Some(Asked {
        user: said.user.or(in_query.user),
        serial: said.serial.or(in_query.serial),
        pass: said.pass.or(in_query.pass),
    })
}

fn answer(reason: Reason) -> Response {
    let accepted = reason == Reason::Ok;
    let authentication = if accepted { "ACCEPT" } else { "REJECT" };
    let message = if accepted { "accepted" } else { "rejected" };
    told(
        StatusCode::OK,
        &json!({ "status": true, "value": accepted, "authentication": authentication }),
        &json!({ "message": message }),
    )
}

fn error(message: &str) -> Response {
    let result = json!({ "status": false, "error": { "code": MISSING, "message": message } });
    told(StatusCode::BAD_REQUEST, &result, &Value::Null)
}

fn told(status: StatusCode, result: &Value, detail: &Value) -> Response {
    let body = json!({ "id": 1, "jsonrpc": "2.0", "result": result, "detail": detail });
    let head = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, head, body.to_string()).into_response()
}
