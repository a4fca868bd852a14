//! The initial PIN of a key.

use claviger_api as wire;
use claviger_domain::{
    ApprovalId, SecurityKeyId,
    security_key::{DeviceType, Disclosure, PinField},
};
use uuid::Uuid;

use super::render::time;
use crate::{
    actions::security_keys::{self as actions, Disclosed, Look, Opened},
    auth::Caller,
    rest::{
        Answer, Json, Path,
        guard::{InitialPinRead, KeyConfigure},
        reply::Reply,
    },
};

impl Reply for Opened {
    type Body = ();
    const SECRET: bool = true;

    fn body(&self) -> Option<()> {
        None
    }
}

impl Reply for Disclosed {
    type Body = wire::ShownInitialPin;
    const SECRET: bool = true;

    fn body(&self) -> Option<wire::ShownInitialPin> {
        Some(wire::ShownInitialPin {
            field: field(self.field),
            value: self.value.to_string(),
            expires_at: time(self.expires_at),
        })
    }
}

impl Reply for Look {
    type Body = wire::InitialPin;

    fn body(&self) -> Option<wire::InitialPin> {
        let details: Vec<_> = self
            .fields
            .iter()
            .map(|(field, state)| detail(*field, *state))
            .collect();
        Some(wire::InitialPin {
            device_type: self.device.map(device),
            fields: details.iter().map(|detail| detail.field).collect(),
            state: details
                .iter()
                .map(|detail| detail.state)
                .min()
                .unwrap_or(wire::InitialPinState::None),
            superseded_on: details.iter().find_map(|detail| detail.superseded_on),
            hidden_on: self.hidden_on.map(time),
            assigned_on: self.assigned_on.map(time),
            requires_step_up: self.requires_step_up,
            requires_approval: self.requires_approval,
            remaining: self.remaining,
            details,
        })
    }
}

/// Whether the initial PIN of the key can be shown to the caller, and which. This opens nothing.
#[utoipa::path(
    get, path = "/security-keys/{id}/initial-pin", operation_id = "security_key_initial_pin", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    responses((status = 200, body = wire::InitialPin)),
)]
pub(super) async fn look(caller: Caller<InitialPinRead>, Path(id): Path<Uuid>) -> Answer {
    let look = actions::initial_pin(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(look)
}

/// Shows an initial PIN. Its audit event is committed before it is sent; a session must have confirmed who sits there.
#[utoipa::path(
    post, path = "/security-keys/{id}/initial-pin/show", operation_id = "security_key_show_initial_pin",
    tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = wire::ShowInitialPin,
    responses((status = 200, body = wire::ShownInitialPin)),
)]
pub(super) async fn show(
    caller: Caller<InitialPinRead>,
    Path(id): Path<Uuid>,
    Json(body): Json<wire::ShowInitialPin>,
) -> Answer {
    let field = match body.field {
        wire::PinField::UserPin => PinField::UserPin,
        wire::PinField::AdminPin => PinField::AdminPin,
    };
    let approval = body.approval_id.map(ApprovalId::from_uuid);
    let shown = actions::show_initial_pin(&caller, SecurityKeyId::from_uuid(id), field, approval).await?;
    caller.answer(shown)
}

/// Lets the initial PIN be shown for so many days from now; never for fewer than the policy allows.
#[utoipa::path(
    post, path = "/security-keys/{id}/initial-pin/extend", operation_id = "security_key_extend_initial_pin",
    tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = wire::ExtendInitialPin,
    responses((status = 200, body = wire::SecurityKey)),
)]
pub(super) async fn extend(
    caller: Caller<KeyConfigure>,
    Path(id): Path<Uuid>,
    Json(body): Json<wire::ExtendInitialPin>,
) -> Answer {
    let reason = super::parse::reason(&body.reason, "")?;
    let key = actions::extend_initial_pin(&caller, SecurityKeyId::from_uuid(id), reason, body.days).await?;
    caller.answer(key)
}

fn detail(of: PinField, state: Option<Disclosure>) -> wire::InitialPinDetail {
    let (state, superseded_on) = match state {
        Some(Disclosure::Available) => (wire::InitialPinState::Available, None),
        Some(Disclosure::Hidden { .. }) => (wire::InitialPinState::Hidden, None),
        Some(Disclosure::Superseded { on }) => (wire::InitialPinState::Superseded, Some(time(on))),
        None => (wire::InitialPinState::None, None),
    };
    wire::InitialPinDetail {
        field: field(of),
        state,
        superseded_on,
    }
}

const fn field(field: PinField) -> wire::PinField {
    match field {
        PinField::UserPin => wire::PinField::UserPin,
        PinField::AdminPin => wire::PinField::AdminPin,
    }
}

const fn device(device: DeviceType) -> wire::DeviceType {
    match device {
        DeviceType::Standard => wire::DeviceType::Standard,
        DeviceType::Enterprise => wire::DeviceType::Enterprise,
    }
}
