//! Rows of policies as the domain knows them.

use claviger_domain::ids::PolicyId;
use claviger_domain::policy::{Policy, PolicyFacts, PolicyRules, PolicyVersion};
use claviger_domain::text::PolicyName;
use uuid::Uuid;

use super::{Version, revision, rules};
use crate::error::Error;
use crate::row::Row;

pub(super) fn policy(row: &Row) -> Result<Policy, Error> {
    let id: Uuid = row.get("id")?;
    let bad = || Error::inconsistent(format!("policies.name of {id}"));
    Ok(Policy::from_facts(PolicyFacts {
        id: PolicyId::from_uuid(id),
        revision: revision(row)?,
        name: PolicyName::new(row.text("name")?).map_err(|_| bad())?,
        version: number(row, id)?,
        rules: stored_rules(row, id)?,
        archived_at: row.get("archived_at")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    }))
}

pub(super) fn version(row: &Row, id: PolicyId) -> Result<Version, Error> {
    Ok(Version {
        version: number(row, id.as_uuid())?,
        rules: stored_rules(row, id.as_uuid())?,
        created_at: row.get("created_at")?,
    })
}

fn number(row: &Row, id: Uuid) -> Result<PolicyVersion, Error> {
    PolicyVersion::new(row.get("version")?)
        .ok_or_else(|| Error::inconsistent(format!("policy_versions.version of {id}")))
}

fn stored_rules(row: &Row, id: Uuid) -> Result<PolicyRules, Error> {
    rules::parse(row.text("rules")?).ok_or_else(|| Error::inconsistent(format!("policy_versions.rules of {id}")))
}
