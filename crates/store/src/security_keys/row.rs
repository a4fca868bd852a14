//! Rows of keys as the domain knows them; a row that contradicts itself is named.

use std::collections::BTreeMap;

use claviger_domain::fido_version::FidoVersion;
use claviger_domain::ids::{BatchId, PolicyId, SecurityKeyId, UserId};
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::{
    Aaguid, Generation, Holder, LinkedPolicy, Observation, SecurityKey, SecurityKeyFacts,
};
use claviger_domain::text::{DeviceName, Firmware};
use claviger_domain::{Revision, SerialNumber, Timestamp};
use uuid::Uuid;

use super::facts::{Facts, Unreadable};
use super::shelf::shelf_of;
use crate::error::Error;
use crate::row::Row;

/// What [`security_key`] reads.
pub(super) const COLUMNS: &str = "k.id, k.revision, k.shelf, k.device_name, k.serial_number, k.version, k.policy_id,
    k.policy_version, k.user_id, k.imported_at, k.updated_at, k.batch_id, k.attributes, k.generation, k.aaguid,
    k.firmware, k.observed_policy_version, k.last_seen_at, k.facts";

/// The key of a row with [`COLUMNS`] in front.
pub(super) fn security_key(row: &Row) -> Result<SecurityKey, Error> {
    let id: Uuid = row.get(0)?;
    let bad = |column: &str| Error::inconsistent(format!("security_keys.{column} of {id}"));
    let shelf = shelf_of(row, id)?;
    let Facts(stored) = Facts::parse(row.get::<Option<String>>(18)?.as_deref()).ok_or_else(|| bad("facts"))?;
    let holder = holder(row.get(8)?, stored.assigned_at).map_err(|_| bad("user_id"))?;
    if shelf.held != holder.is_some() {
        return Err(bad("shelf"));
    }
    let facts = SecurityKeyFacts {
        id: SecurityKeyId::from_uuid(id),
        revision: Revision::new(row.get(1)?),
        device_name: DeviceName::new(row.text(3)?).map_err(|_| bad("device_name"))?,
        serial_number: SerialNumber::new(row.text(4)?).map_err(|_| bad("serial_number"))?,
        version: FidoVersion::new(row.text(5)?).map_err(|_| bad("version"))?,
        batch: row.get::<Option<Uuid>>(11)?.map(BatchId::from_uuid),
        attributes: attributes(row.get(12)?).ok_or_else(|| bad("attributes"))?,
        imported_at: row.get(9)?,
        updated_at: row.get(10)?,
        first_assigned_at: stored.first_assigned_at,
        status: shelf.status,
        policy: linked(row.get(6)?, row.get(7)?).map_err(|_| bad("policy_version"))?,
        holder,
        quarantine: stored.quarantine,
        configured_at: stored.configured_at,
        enrolled_at: stored.enrolled_at,
        suspended_at: stored.suspended_at,
        revocation: stored.revocation,
        disposed_at: stored.disposed_at,
        generation: Generation::new(row.get(13)?).ok_or_else(|| bad("generation"))?,
        past: stored.past,
        secrets: stored.secrets,
        pending: stored.pending,
        initial_pin_until: stored.initial_pin_until,
        observation: Observation {
            last_seen_at: row.get(17)?,
            pin: stored.pin,
            policy_version: version(row.get(16)?).map_err(|_| bad("observed_policy_version"))?,
            firmware: firmware(row.get(15)?).map_err(|_| bad("firmware"))?,
            aaguid: row.get::<Option<Uuid>>(14)?.map(Aaguid),
            admin_secret: stored.admin_secret,
            reset_at: stored.reset_at,
            pin_changed_at: stored.pin_changed_at,
        },
        identity_provider: stored.identity_provider,
    };
    SecurityKey::try_from(facts)
        .map_err(|contradiction| Error::inconsistent(format!("security_keys of {id}: {contradiction}")))
}

fn attributes(text: Option<String>) -> Option<BTreeMap<String, String>> {
    text.map_or_else(|| Some(BTreeMap::new()), |text| serde_json::from_str(&text).ok())
}

fn linked(id: Option<Uuid>, number: Option<u32>) -> Result<Option<LinkedPolicy>, Unreadable> {
    match (id, version(number)?) {
        (None, None) => Ok(None),
        (Some(id), Some(version)) => Ok(Some(LinkedPolicy {
            id: PolicyId::from_uuid(id),
            version,
        })),
        (_, _) => Err(Unreadable),
    }
}

fn holder(user: Option<Uuid>, assigned_at: Option<Timestamp>) -> Result<Option<Holder>, Unreadable> {
    match (user, assigned_at) {
        (None, None) => Ok(None),
        (Some(user), Some(assigned_at)) => Ok(Some(Holder {
            user: UserId::from_uuid(user),
            assigned_at,
        })),
        (_, _) => Err(Unreadable),
    }
}

fn version(number: Option<u32>) -> Result<Option<PolicyVersion>, Unreadable> {
    number
        .map(|number| PolicyVersion::new(number).ok_or(Unreadable))
        .transpose()
}

fn firmware(text: Option<String>) -> Result<Option<Firmware>, Unreadable> {
    text.map(|text| Firmware::new(&text).map_err(|_| Unreadable))
        .transpose()
}
