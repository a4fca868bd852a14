//! What counters know of keys: where they stand, how they drift, and for those in use their policy, model and age.
//!
//! In use: out of stock and neither revoked nor disposed of. A counter's name is ASCII, so names in it are in hex.

use std::collections::BTreeMap;

use claviger_domain::ids::{PolicyId, TenantId};
use claviger_domain::policy::PolicyVersion;
use claviger_domain::security_key::{Drift, SecurityKey, Status};
use claviger_domain::{Timestamp, text::DeviceName};
use data_encoding::HEXLOWER;
use uuid::Uuid;

use super::shelf::Shelf;
use crate::counters::{self, Deltas};
use crate::error::Error;
use crate::policies::{self, linked};
use crate::tx::Reader;

const POLICY: &str = "keys.used.policy.";
const MODEL: &str = "keys.used.model.";
const AGE: &str = "keys.used.age.";
/// Policy, version, and whether the key was seen with another one.
const VERSION: &str = "keys.version.";
/// Ages are told to 30 days.
const PERIOD: i64 = 30 * 86_400 * 1_000_000;

/// A model, as keys in use have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its AAGUID, once observed.
    pub aaguid: Option<Uuid>,
    /// What most of its keys are called.
    pub device_name: String,
    /// Keys of it in use.
    pub keys: u64,
}

/// Keys in use of one age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Days since their import, to 30 days.
    pub days: i64,
    /// So many.
    pub keys: u64,
}

/// What counters know of keys in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// By policy; none for keys without one.
    pub policies: Vec<(Option<PolicyId>, u64)>,
    /// By model, the commonest first.
    pub models: Vec<Model>,
    /// By age, the newest first.
    pub ages: Vec<Age>,
    /// Keys in use whose policy is another than it should be. A key in stock gets its version when it is configured.
    pub drifting: u64,
}

/// Adds a key to its counters, or takes it out.
pub(super) fn count(deltas: &mut Deltas, key: &SecurityKey, by: i64) {
    let shelf = Shelf::of(key);
    deltas.add(shelf.counter(), by);
    if let Some(policy) = key.policy() {
        deltas.add(linked(policy.id), by);
    }
    if !in_use(shelf) {
        return;
    }
    if let Some(policy) = key.policy() {
        let diverged = key.drift(policy.version) != Drift::None;
        deltas.add(version(policy.id, policy.version, diverged), by);
    }
    let policy = key
        .policy()
        .map_or_else(|| "-".to_owned(), |policy| hex(policy.id.as_uuid()));
    deltas.add(format!("{POLICY}{policy}"), by);
    deltas.add(
        model(key.observation().aaguid.map(|aaguid| aaguid.0), key.device_name()),
        by,
    );
    deltas.add(format!("{AGE}{}", period(key.imported_at())), by);
}

/// Name of the counter of keys in use that are to follow a version of a policy.
fn version(policy: PolicyId, version: PolicyVersion, diverged: bool) -> String {
    let (policy, diverged) = (hex(policy.as_uuid()), u8::from(diverged));
    format!("{VERSION}{policy}.{version}.{diverged}")
}

/// As the migration counts what was there before it.
fn in_use(shelf: Shelf) -> bool {
    match shelf.status {
        Status::Ready => shelf.held,
        Status::Configured | Status::Enrolled | Status::Suspended => true,
        Status::InStock | Status::Quarantined | Status::Revoked | Status::Disposed => false,
    }
}

fn model(aaguid: Option<Uuid>, name: &DeviceName) -> String {
    let aaguid = aaguid.map_or_else(|| "-".to_owned(), hex);
    format!("{MODEL}{aaguid}.{}", HEXLOWER.encode(name.as_str().as_bytes()))
}

fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

const fn period(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(PERIOD)
}

/// What counters know of keys in use, at a time.
///
/// # Errors
/// What the engine meets; [`Error::Inconsistent`] when a counter contradicts itself.
pub async fn tallies(reader: &mut Reader, tenant: TenantId, now: Timestamp) -> Result<Tallies, Error> {
    let mut policies = Vec::new();
    for (name, keys) in positive(reader, tenant, POLICY).await? {
        let id = if name == "-" {
            None
        } else {
            Some(PolicyId::from_uuid(read(&name, &name)?))
        };
        policies.push((id, keys));
    }
    let mut ages = Vec::new();
    for (name, keys) in positive(reader, tenant, AGE).await? {
        let days = 30 * (period(now) - read::<i64>(&name, &name)?);
        ages.push(Age {
            days: days.max(0),
            keys,
        });
    }
    ages.sort_unstable_by_key(|age| age.days);
    Ok(Tallies {
        policies,
        models: models(reader, tenant).await?,
        ages,
        drifting: drifting(reader, tenant).await?,
    })
}

async fn models(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Model>, Error> {
    let mut known: BTreeMap<Uuid, Vec<(String, u64)>> = BTreeMap::new();
    let mut models = Vec::new();
    for (name, keys) in positive(reader, tenant, MODEL).await? {
        let (aaguid, called) = name.split_once('.').ok_or_else(|| bad(&name))?;
        let called = HEXLOWER.decode(called.as_bytes()).map_err(|_| bad(&name))?;
        let called = String::from_utf8(called).map_err(|_| bad(&name))?;
        if aaguid == "-" {
            models.push(Model {
                aaguid: None,
                device_name: called,
                keys,
            });
        } else {
            known.entry(read(aaguid, &name)?).or_default().push((called, keys));
        }
    }
    // Deliveries may call one model by several names.
    for (aaguid, mut names) in known {
        names.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let keys = names.iter().map(|(_, keys)| keys).sum();
        let device_name = names.into_iter().next().map(|(name, _)| name).unwrap_or_default();
        models.push(Model {
            aaguid: Some(aaguid),
            device_name,
            keys,
        });
    }
    models.sort_by(|one, other| {
        other
            .keys
            .cmp(&one.keys)
            .then_with(|| one.device_name.cmp(&other.device_name))
    });
    Ok(models)
}

async fn drifting(reader: &mut Reader, tenant: TenantId) -> Result<u64, Error> {
    let newest: BTreeMap<String, i64> = policies::named(reader, tenant)
        .await?
        .into_iter()
        .map(|policy| (hex(policy.id.as_uuid()), policy.version))
        .collect();
    let mut drifting = 0;
    for (name, keys) in positive(reader, tenant, VERSION).await? {
        let mut parts = name.split('.');
        let (Some(policy), Some(version), Some(diverged)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(bad(&name));
        };
        let outdated = newest
            .get(policy)
            .is_some_and(|newest| read::<i64>(version, &name).is_ok_and(|it| it < *newest));
        if diverged == "1" || outdated {
            drifting += keys;
        }
    }
    Ok(drifting)
}

/// Counters above nothing, by the rest of their names.
async fn positive(reader: &mut Reader, tenant: TenantId, prefix: &'static str) -> Result<Vec<(String, u64)>, Error> {
    let all = counters::by_prefix(reader, tenant, prefix).await?.into_iter();
    let some = all.filter(|(_, keys)| *keys != 0);
    some.map(|(name, keys)| Ok((u64::try_from(keys).map_err(|_| bad(&name))?, name)))
        .map(|counted: Result<_, Error>| counted.map(|(keys, name)| (name, keys)))
        .collect()
}

fn read<T: std::str::FromStr>(text: &str, name: &str) -> Result<T, Error> {
    text.parse().map_err(|_| bad(name))
}

fn bad(name: &str) -> Error {
    Error::inconsistent(format!("counters.name {name}"))
}
