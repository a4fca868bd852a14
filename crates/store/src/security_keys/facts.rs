//! Facts that no list asks for, as one JSON object; absent for a key as it was imported.

use claviger_domain::Timestamp;
use claviger_domain::ids::{PolicyId, UserId};
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::{
    AdminPin, AdminSecret, Generation, Holder, IdpState, LinkedPolicy, PastGeneration, PendingConfiguration, PinState,
    Quarantine, Revocation, RevocationReason, Secrets, SecurityKeyFacts,
};
use claviger_domain::text::{Note, ProviderName, Reason};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// What is stored beside the columns.
pub(super) struct Stored {
    pub(super) first_assigned_at: Option<Timestamp>,
    pub(super) assigned_at: Option<Timestamp>,
    pub(super) quarantine: Option<Quarantine>,
    pub(super) configured_at: Option<Timestamp>,
    pub(super) enrolled_at: Option<Timestamp>,
    pub(super) suspended_at: Option<Timestamp>,
    pub(super) revocation: Option<Revocation>,
    pub(super) disposed_at: Option<Timestamp>,
    pub(super) past: Vec<PastGeneration>,
    pub(super) secrets: Secrets,
    pub(super) pending: Option<PendingConfiguration>,
    pub(super) initial_pin_until: Option<Timestamp>,
    pub(super) pin: PinState,
    pub(super) admin_secret: AdminSecret,
    pub(super) reset_at: Option<Timestamp>,
    pub(super) pin_changed_at: Option<Timestamp>,
    pub(super) identity_provider: IdpState,
}

/// A stored fact that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// [`Stored`], read.
pub(super) struct Facts(pub(super) Stored);

/// The text for storage; `None` when there is nothing to say.
pub(super) fn text(key: &SecurityKeyFacts) -> Option<String> {
    let observed = &key.observation;
    let idp = &key.identity_provider;
    let words = [
        (
            "pin",
            (observed.pin != PinState::Unknown).then(|| observed.pin.as_str()),
        ),
        (
            "admin_secret",
            (observed.admin_secret != AdminSecret::Unknown).then(|| observed.admin_secret.as_str()),
        ),
        ("idp", (*idp != IdpState::None).then(|| idp.as_str())),
        ("idp_name", idp.provider().map(ProviderName::as_str)),
    ];
    let times = [
        ("first_assigned_at", key.first_assigned_at),
        ("assigned_at", key.holder.map(|holder| holder.assigned_at)),
        ("configured_at", key.configured_at),
        ("enrolled_at", key.enrolled_at),
        ("suspended_at", key.suspended_at),
        ("disposed_at", key.disposed_at),
        ("initial_pin_until", key.initial_pin_until),
        ("reset_at", observed.reset_at),
        ("pin_changed_at", observed.pin_changed_at),
        ("idp_at", idp.at()),
    ];
    let parts = [
        (
            "quarantine",
            key.quarantine
                .as_ref()
                .map(|facts| json!([facts.reason.as_str(), facts.since.as_micros()])),
        ),
        ("revocation", key.revocation.as_ref().map(revocation)),
        (
            "past",
            (!key.past.is_empty()).then(|| key.past.iter().map(past).collect()),
        ),
        ("secrets", secrets(key.secrets)),
        ("pending", key.pending.map(pending)),
    ];
    let mut object = Map::new();
    object.extend(
        words
            .into_iter()
            .filter_map(|(name, word)| Some((name.to_owned(), json!(word?)))),
    );
    object.extend(
        times
            .into_iter()
            .filter_map(|(name, at)| Some((name.to_owned(), json!(at?.as_micros())))),
    );
    object.extend(
        parts
            .into_iter()
            .filter_map(|(name, part)| Some((name.to_owned(), part?))),
    );
    (!object.is_empty()).then(|| Json::Object(object).to_string())
}

fn revocation(facts: &Revocation) -> Json {
    json!([
        facts.at.as_micros(),
        facts.reason.as_str(),
        facts.note.as_ref().map(Note::as_str)
    ])
}

fn past(facts: &PastGeneration) -> Json {
    let holder = facts
        .holder
        .map(|holder| json!([holder.user.as_uuid(), holder.assigned_at.as_micros()]));
    json!([
        facts.generation.get(),
        revocation(&facts.revocation),
        facts.policy.map(linked),
        holder
    ])
}

fn linked(policy: LinkedPolicy) -> Json {
    json!([policy.id.as_uuid(), policy.version.get()])
}

fn secrets(secrets: Secrets) -> Option<Json> {
    match secrets {
        Secrets::None => None,
        Secrets::Held { admin_pin, since } => Some(json!(["held", since.as_micros(), admin(admin_pin)])),
        Secrets::Shredded { at } => Some(json!(["shredded", at.as_micros()])),
    }
}

fn pending(facts: PendingConfiguration) -> Json {
    json!([
        facts.generation.get(),
        linked(facts.policy),
        admin(facts.admin_pin),
        facts.since.as_micros()
    ])
}

const fn admin(pin: AdminPin) -> bool {
    matches!(pin, AdminPin::Held)
}

impl Facts {
    /// `None` when the text is not what [`text`] writes.
    pub(super) fn parse(text: Option<&str>) -> Option<Self> {
        let json: Json = text.map_or(Some(Json::Object(Map::new())), |text| serde_json::from_str(text).ok())?;
        let at = |name: &str| optional(json.get(name), time).ok();
        let word = |name: &str| json.get(name).and_then(Json::as_str);
        Some(Self(Stored {
            first_assigned_at: at("first_assigned_at")?,
            assigned_at: at("assigned_at")?,
            quarantine: optional(json.get("quarantine"), read_quarantine).ok()?,
            configured_at: at("configured_at")?,
            enrolled_at: at("enrolled_at")?,
            suspended_at: at("suspended_at")?,
            revocation: optional(json.get("revocation"), read_revocation).ok()?,
            disposed_at: at("disposed_at")?,
            past: optional(json.get("past"), |past| {
                past.as_array()?.iter().map(read_past).collect()
            })
            .ok()?
            .unwrap_or_default(),
            secrets: optional(json.get("secrets"), read_secrets)
                .ok()?
                .unwrap_or(Secrets::None),
            pending: optional(json.get("pending"), read_pending).ok()?,
            initial_pin_until: at("initial_pin_until")?,
            pin: word("pin").map_or(Some(PinState::Unknown), PinState::parse)?,
            admin_secret: word("admin_secret").map_or(Some(AdminSecret::Unknown), AdminSecret::parse)?,
            reset_at: at("reset_at")?,
            pin_changed_at: at("pin_changed_at")?,
            identity_provider: IdpState::from_parts(
                word("idp").unwrap_or("none"),
                optional(json.get("idp_name"), |name| ProviderName::new(name.as_str()?).ok()).ok()?,
                at("idp_at")?,
            )?,
        }))
    }
}

/// Absent and null are nothing; anything else must be readable.
fn optional<T>(json: Option<&Json>, read: impl FnOnce(&Json) -> Option<T>) -> Result<Option<T>, Unreadable> {
    json.filter(|json| !json.is_null())
        .map(|json| read(json).ok_or(Unreadable))
        .transpose()
}

fn time(json: &Json) -> Option<Timestamp> {
    json.as_i64().map(Timestamp::from_micros)
}

fn number(json: &Json) -> Option<u32> {
    json.as_u64()?.try_into().ok()
}

fn id(json: &Json) -> Option<Uuid> {
    Uuid::parse_str(json.as_str()?).ok()
}

fn read_admin(json: &Json) -> Option<AdminPin> {
    Some(if json.as_bool()? {
        AdminPin::Held
    } else {
        AdminPin::Absent
    })
}

fn read_quarantine(json: &Json) -> Option<Quarantine> {
    let [reason, since] = json.as_array()?.as_slice() else {
        return None;
    };
    Some(Quarantine {
        reason: Reason::new(reason.as_str()?).ok()?,
        since: time(since)?,
    })
}

fn read_revocation(json: &Json) -> Option<Revocation> {
    let [at, reason, note] = json.as_array()?.as_slice() else {
        return None;
    };
    Some(Revocation {
        at: time(at)?,
        reason: RevocationReason::parse(reason.as_str()?)?,
        note: optional(Some(note), |note| Note::new(note.as_str()?).ok()).ok()?,
    })
}

fn read_linked(json: &Json) -> Option<LinkedPolicy> {
    let [policy, version] = json.as_array()?.as_slice() else {
        return None;
    };
    Some(LinkedPolicy {
        id: PolicyId::from_uuid(id(policy)?),
        version: PolicyVersion::new(number(version)?)?,
    })
}

fn read_past(json: &Json) -> Option<PastGeneration> {
    let [generation, revocation, policy, holder] = json.as_array()?.as_slice() else {
        return None;
    };
    Some(PastGeneration {
        generation: Generation::new(number(generation)?)?,
        revocation: read_revocation(revocation)?,
        policy: optional(Some(policy), read_linked).ok()?,
        holder: optional(Some(holder), |holder| {
            let [user, at] = holder.as_array()?.as_slice() else {
                return None;
            };
            Some(Holder {
                user: UserId::from_uuid(id(user)?),
                assigned_at: time(at)?,
            })
        })
        .ok()?,
    })
}

fn read_secrets(json: &Json) -> Option<Secrets> {
    match json.as_array()?.as_slice() {
        [word, since, pin] if word == "held" => Some(Secrets::Held {
            admin_pin: read_admin(pin)?,
            since: time(since)?,
        }),
        [word, at] if word == "shredded" => Some(Secrets::Shredded { at: time(at)? }),
        _ => None,
    }
}

fn read_pending(json: &Json) -> Option<PendingConfiguration> {
    let [generation, policy, pin, since] = json.as_array()?.as_slice() else {
        return None;
    };
    Some(PendingConfiguration {
        generation: Generation::new(number(generation)?)?,
        policy: read_linked(policy)?,
        admin_pin: read_admin(pin)?,
        since: time(since)?,
    })
}
