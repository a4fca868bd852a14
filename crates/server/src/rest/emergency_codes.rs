//! `/users/{id}/emergency-codes`: codes for a user without a token.

use claviger_api as wire;
use claviger_domain::UserId;
use claviger_store::emergency_codes::Kept;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    extract::{Json, Path},
    guard::{OtpRead, OtpWrite, guarded},
    reply::{Answer, Reply},
    time::time,
};
use crate::{
    App,
    actions::emergency_codes::{self, Codes, Issued, Made},
    auth::Caller,
};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(guarded::<OtpRead>(routes!(emergency_codes_list)))
        .routes(guarded::<OtpWrite>(routes!(
            emergency_codes_issue,
            emergency_codes_revoke
        )))
}

impl Reply for Made {
    type Body = ();
    const SECRET: bool = true;

    fn body(&self) -> Option<()> {
        None
    }
}

impl Reply for Issued {
    type Body = wire::NewEmergencyCodes;
    const SECRET: bool = true;

    fn body(&self) -> Option<wire::NewEmergencyCodes> {
        Some(wire::NewEmergencyCodes {
            codes: self.codes.iter().map(|code| code.to_string()).collect(),
            expires_at: time(self.expires_at),
        })
    }
}

impl Reply for Codes {
    type Body = wire::EmergencyCodes;

    fn body(&self) -> Option<wire::EmergencyCodes> {
        let told = |kept: &Kept| wire::EmergencyCode {
            number: kept.number,
            created_at: time(kept.created_at),
            expires_at: time(kept.expires_at),
            used_at: kept.used_at.map(time),
            good: kept.is_good(self.at),
        };
        Some(wire::EmergencyCodes {
            items: self.codes.iter().map(told).collect(),
        })
    }
}

/// The user's emergency codes, without themselves: which are used, and until when the others are good.
#[utoipa::path(
    get, path = "/users/{id}/emergency-codes", operation_id = "emergency_codes_list", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The user")),
    responses((status = 200, body = wire::EmergencyCodes)),
)]
async fn emergency_codes_list(caller: Caller<OtpRead>, Path(id): Path<Uuid>) -> Answer {
    let codes = emergency_codes::list(&caller, UserId::from_uuid(id)).await?;
    caller.answer(codes)
}

/// Gives the user five new codes, good for 72 hours and each once, in the place of earlier ones. They are shown this once;
/// a session must have confirmed who sits there.
#[utoipa::path(
    post, path = "/users/{id}/emergency-codes", operation_id = "emergency_codes_issue", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The user")),
    request_body = wire::NoArguments,
    responses((status = 201, body = wire::NewEmergencyCodes)),
)]
async fn emergency_codes_issue(
    caller: Caller<OtpWrite>,
    Path(id): Path<Uuid>,
    Json(wire::NoArguments {}): Json<wire::NoArguments>,
) -> Answer {
    let issued = emergency_codes::issue(&caller, UserId::from_uuid(id)).await?;
    caller.answer(issued)
}

/// Takes all emergency codes of the user back.
#[utoipa::path(
    delete, path = "/users/{id}/emergency-codes", operation_id = "emergency_codes_revoke", tag = "OTP tokens",
    params(("id" = Uuid, Path, description = "The user")),
    responses((status = 204)),
)]
async fn emergency_codes_revoke(caller: Caller<OtpWrite>, Path(id): Path<Uuid>) -> Answer {
    emergency_codes::revoke(&caller, UserId::from_uuid(id)).await?;
    caller.answer(())
}
