//! Policies in all their versions. Names are unique in a tenant whatever the case; a policy in use stays.

mod row;
mod rules;
mod write;

use claviger_domain::ids::{PolicyId, TenantId};
use claviger_domain::policy::{Policy, PolicyRules, PolicyVersion, Usage};
use claviger_domain::security_key::LinkedPolicy;
use claviger_domain::text::fold;
use claviger_domain::{Revision, Timestamp};

use crate::counters;
use crate::error::Error;
use crate::tx::Reader;

pub use write::{delete, insert, save};

const GET: &str = "SELECT p.*, v.rules FROM policies p
    JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.version = p.version
    WHERE p.tenant_id = $1 AND p.id = $2";
const LIST: &str = "SELECT p.*, v.rules FROM policies p
    JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.version = p.version
    WHERE p.tenant_id = $1 ORDER BY p.name_folded";
const VERSIONS: &str = "SELECT version, rules, created_at FROM policy_versions
    WHERE tenant_id = $1 AND policy_id = $2 ORDER BY version DESC";
const VERSION: &str = "SELECT version, rules, created_at FROM policy_versions
    WHERE tenant_id = $1 AND policy_id = $2 AND version = $3";
const NAMES: &str = "SELECT id, name, name_folded, version FROM policies WHERE tenant_id = $1 ORDER BY name_folded";

/// Beginning of the names of the counters of linked keys.
const LINKED: &str = "keys.policy.";

/// A policy and how many keys are linked with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The policy in its newest version.
    pub policy: Policy,
    /// Keys linked with it, in any version.
    pub in_use: u64,
}

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub version: PolicyVersion,
    /// What it says.
    pub rules: PolicyRules,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What lists of keys need of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) id: PolicyId,
    pub(crate) name: String,
    pub(crate) folded: String,
    pub(crate) version: i64,
}

/// A policy by id.
///
/// # Errors
/// What the engine meets.
pub async fn get(reader: &mut Reader, tenant: TenantId, id: PolicyId) -> Result<Option<Policy>, Error> {
    let row = reader
        .query_opt(GET, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    row.as_ref().map(row::policy).transpose()
}

/// How many keys are linked with a policy.
///
/// # Errors
/// What the engine meets.
pub async fn usage(reader: &mut Reader, tenant: TenantId, id: PolicyId) -> Result<Usage, Error> {
    let count = counters::sum(reader, tenant, linked(id)).await?;
    Ok(Usage::from_count(u64::try_from(count).unwrap_or_default()))
}

/// All policies of a tenant in the order of their names, archived ones among them.
///
/// # Errors
/// What the engine meets.
pub async fn list(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Listed>, Error> {
    let rows = reader.query(LIST, &[tenant.as_uuid().into()]).await?;
    let counts: std::collections::HashMap<String, i64> =
        counters::by_prefix(reader, tenant, LINKED).await?.into_iter().collect();
    rows.iter()
        .map(|row| {
            let policy = row::policy(row)?;
            let count = counts.get(&policy.id().to_string()).copied().unwrap_or_default();
            Ok(Listed {
                policy,
                in_use: u64::try_from(count).unwrap_or_default(),
            })
        })
        .collect()
}

/// All versions of a policy, the newest first.
///
/// # Errors
/// What the engine meets.
pub async fn versions(reader: &mut Reader, tenant: TenantId, id: PolicyId) -> Result<Vec<Version>, Error> {
    let rows = reader
        .query(VERSIONS, &[tenant.as_uuid().into(), id.as_uuid().into()])
        .await?;
    rows.iter().map(|row| row::version(row, id)).collect()
}

/// One version of a policy.
///
/// # Errors
/// What the engine meets.
pub async fn version(reader: &mut Reader, tenant: TenantId, linked: LinkedPolicy) -> Result<Option<Version>, Error> {
    let values = [
        tenant.as_uuid().into(),
        linked.id.as_uuid().into(),
        i64::from(linked.version.get()).into(),
    ];
    let row = reader.query_opt(VERSION, &values).await?;
    row.as_ref().map(|row| row::version(row, linked.id)).transpose()
}

/// Names and newest versions, in the order of the names.
pub(crate) async fn named(reader: &mut Reader, tenant: TenantId) -> Result<Vec<Named>, Error> {
    let rows = reader.query(NAMES, &[tenant.as_uuid().into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Named {
                id: PolicyId::from_uuid(row.get(0)?),
                name: row.get(1)?,
                folded: row.get(2)?,
                version: row.get(3)?,
            })
        })
        .collect()
}

/// Name of the counter of keys linked with a policy.
pub(crate) fn linked(id: PolicyId) -> String {
    format!("{LINKED}{id}")
}

/// The policy that bears this name, whatever the case.
///
/// # Errors
/// What the engine meets.
pub async fn by_name(reader: &mut Reader, tenant: TenantId, name: &str) -> Result<Option<Policy>, Error> {
    let folded = fold(name.trim());
    let found = named(reader, tenant)
        .await?
        .into_iter()
        .find(|policy| policy.folded == folded);
    match found {
        Some(policy) => get(reader, tenant, policy.id).await,
        None => Ok(None),
    }
}

fn revision(row: &crate::row::Row) -> Result<Revision, Error> {
    row.get("revision").map(Revision::new)
}
