//! Configurations of a key: their secrets, what confirms them, what drops them.

use claviger_api as wire;
use claviger_domain::{
    PolicyId, SecurityKeyId, SerialNumber,
    security_key::{Aaguid, AdminPin, Generation, ReadBack},
    text::Firmware,
};
use uuid::Uuid;

use crate::{
    Failure,
    actions::{
        fields::Fields,
        security_keys::{self as actions, Configuration, Preparation, Prepared, sentence},
    },
    auth::Caller,
    rest::{Answer, Json, Path, guard::KeyConfigure, policies::terms, reply::Reply},
};

impl Reply for Prepared {
    type Body = ();
    const SECRET: bool = true;

    fn body(&self) -> Option<()> {
        None
    }
}

impl Reply for Configuration {
    type Body = wire::Configuration;
    const SECRET: bool = true;

    fn body(&self) -> Option<wire::Configuration> {
        let policy = &self.policy;
        Some(wire::Configuration {
            generation: self.generation.get(),
            user_pin: self.user_pin.to_string(),
            admin_pin: self.admin_pin.as_ref().map(|pin| pin.to_string()),
            force_pin_change: true,
            resumed: self.resumed,
            policy: wire::PolicyToWrite {
                id: policy.linked.id.as_uuid(),
                version: policy.linked.version.get(),
                terms: terms(&policy.name, &policy.rules),
            },
        })
    }
}

/// Makes the secrets of a configuration and keeps them sealed, before the key is touched. The same call again gives the
/// same secrets, as long as the configuration is pending. Each answer is an audit event first.
#[utoipa::path(
    post, path = "/security-keys/{id}/configuration", operation_id = "security_key_configure", tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    request_body = wire::Configure,
    responses((status = 201, body = wire::Configuration)),
)]
pub(super) async fn configure(
    caller: Caller<KeyConfigure>,
    Path(id): Path<Uuid>,
    Json(body): Json<wire::Configure>,
) -> Answer {
    let configuration = actions::configure(&caller, SecurityKeyId::from_uuid(id), preparation(&body)?).await?;
    caller.answer(configuration)
}

/// Makes the pending configuration active, after the key was read back. What differs is refused, and stays pending.
#[utoipa::path(
    post, path = "/security-keys/{id}/configuration/{generation}/confirm",
    operation_id = "security_key_confirm_configuration", tag = "security keys",
    params(
        ("id" = Uuid, Path, description = "The key"),
        ("generation" = u32, Path, description = "The generation that the configuration was made for"),
    ),
    request_body = wire::ConfirmConfiguration,
    responses((status = 200, body = wire::SecurityKey)),
)]
pub(super) async fn confirm(
    caller: Caller<KeyConfigure>,
    Path((id, generation)): Path<(Uuid, u32)>,
    Json(body): Json<wire::ConfirmConfiguration>,
) -> Answer {
    let generation = Generation::new(generation).ok_or(Failure::NotFound)?;
    let mut fields = Fields::default();
    let serial = fields.read("/serial_seen", SerialNumber::new(&body.serial_seen));
    let serial = fields.all(serial)?;
    let read_back = match body.read_back {
        wire::ReadBack::Equal => ReadBack::Equal,
        wire::ReadBack::Different => ReadBack::Different,
    };
    let key = actions::confirm(&caller, SecurityKeyId::from_uuid(id), generation, serial, read_back).await?;
    caller.answer(key)
}

/// Drops the pending configuration and shreds its secrets: the key was not touched, or was reset.
#[utoipa::path(
    delete, path = "/security-keys/{id}/configuration", operation_id = "security_key_abandon_configuration",
    tag = "security keys",
    params(("id" = Uuid, Path, description = "The key")),
    responses((status = 200, body = wire::SecurityKey)),
)]
pub(super) async fn abandon(caller: Caller<KeyConfigure>, Path(id): Path<Uuid>) -> Answer {
    let key = actions::abandon(&caller, SecurityKeyId::from_uuid(id)).await?;
    caller.answer(key)
}

fn preparation(body: &wire::Configure) -> Result<Preparation, Failure> {
    let mut fields = Fields::default();
    let serial = fields.read("/serial_seen", SerialNumber::new(&body.serial_seen));
    let firmware = body.firmware.as_deref().map(Firmware::new).transpose();
    let firmware = fields.read("/firmware", firmware.map_err(|error| sentence(&error.to_string())));
    let (serial_seen, firmware) = fields.all(serial.zip(firmware))?;
    Ok(Preparation {
        policy: body.policy_id.map(PolicyId::from_uuid),
        serial_seen,
        admin_pin: if body.admin_pin {
            AdminPin::Held
        } else {
            AdminPin::Absent
        },
        firmware,
        aaguid: body.aaguid.map(Aaguid),
    })
}
