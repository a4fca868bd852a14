//! Columns that a change of a key writes, in one order for both statements.

use claviger_domain::Revision;
use claviger_domain::ids::TenantId;
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::{Mode, Removal, SecurityKeyFacts};
use claviger_domain::text::{Firmware, ProviderName};

use super::facts;
use super::index::searchable;
use super::shelf::Shelf;
use crate::users::Holding;
use crate::value::Value;

pub(super) const UPDATE_ONE: &str = "UPDATE security_keys SET revision = $4, shelf = $5, policy_id = $6,
    policy_version = $7, user_id = $8, holder = $9, search = $10, updated_at = $11, generation = $12, mode = $13,
    locked = $14, idp_name = $15, aaguid = $16, firmware = $17, observed_policy_version = $18, last_seen_at = $19,
    facts = $20, user_disabled = $21, removal = $22 WHERE tenant_id = $1 AND id = $2 AND revision = $3";
pub(super) const UPDATE_MANY: &str = "UPDATE security_keys k SET revision = n.revision, shelf = n.shelf,
    policy_id = n.policy_id, policy_version = n.policy_version, user_id = n.user_id, holder = n.holder,
    search = n.search, updated_at = n.updated_at, generation = n.generation, mode = n.mode, locked = n.locked,
    idp_name = n.idp_name, aaguid = n.aaguid, firmware = n.firmware,
    observed_policy_version = n.observed_policy_version, last_seen_at = n.last_seen_at, facts = n.facts,
    user_disabled = n.user_disabled, removal = n.removal
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::uuid[], $7::bigint[],
    $8::uuid[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::boolean[], $15::text[],
    $16::uuid[], $17::text[], $18::bigint[], $19::bigint[], $20::text[], $21::boolean[], $22::text[])
    AS n (tenant_id, id, was, revision, shelf, policy_id, policy_version, user_id, holder, search, updated_at,
    generation, mode, locked, idp_name, aaguid, firmware, observed_policy_version, last_seen_at, facts, user_disabled,
    removal)
    WHERE k.tenant_id = n.tenant_id AND k.id = n.id AND k.revision = n.was";

/// Values of both statements; `holder` is what the key keeps of who has it.
pub(super) fn values(
    tenant: TenantId,
    was: Revision,
    shelf: Shelf,
    mode: Mode,
    locked: bool,
    key: &SecurityKeyFacts,
    holder: Option<&Holding>,
) -> Vec<Value> {
    let seen = &key.observation;
    let name = holder.map(|holder| holder.folded.as_str());
    let search = searchable(key.serial_number.normalised(), name);
    vec![
        tenant.as_uuid().into(),
        key.id.as_uuid().into(),
        was.get().into(),
        key.revision.get().into(),
        shelf.code().into(),
        key.policy.map(|policy| policy.id.as_uuid()).into(),
        key.policy.map(|policy| policy.version.get()).into(),
        key.holder.map(|holder| holder.user.as_uuid()).into(),
        name.into(),
        search.into(),
        key.updated_at.into(),
        key.generation.get().into(),
        mode.as_str().into(),
        locked.into(),
        key.identity_provider.provider().map(ProviderName::as_str).into(),
        seen.aaguid.map(|aaguid| aaguid.0).into(),
        seen.firmware.as_ref().map(Firmware::as_str).into(),
        seen.policy_version.map(PolicyVersion::get).into(),
        seen.last_seen_at.into(),
        facts::text(key).into(),
        holder.is_some_and(|holder| holder.disabled).into(),
        key.identity_provider.removal().map(Removal::as_str).into(),
    ]
}
