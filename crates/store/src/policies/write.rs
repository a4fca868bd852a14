//! Changes of policies, each guarded by the revision that was read.

use claviger_domain::policy::Policy;

use super::{linked, rules};
use crate::counters;
use crate::error::Error;
use crate::tx::Tx;
use crate::value::Value;

const INSERT: &str = "INSERT INTO policies
    (tenant_id, id, name, name_folded, version, archived_at, created_at, updated_at, revision)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const UPDATE: &str = "UPDATE policies SET name = $4, name_folded = $5, version = $6, archived_at = $7,
    updated_at = $8, revision = $9 WHERE tenant_id = $1 AND id = $2 AND revision = $3";
const PUT_VERSION: &str = "INSERT INTO policy_versions (tenant_id, policy_id, version, rules, created_at)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, policy_id, version) DO UPDATE SET rules = excluded.rules";
const DELETE_VERSIONS: &str = "DELETE FROM policy_versions WHERE tenant_id = $1 AND policy_id = $2";
const DELETE: &str = "DELETE FROM policies WHERE tenant_id = $1 AND id = $2 AND revision = $3";
/// Also sees keys of an import that goes in, which no counter has yet, and imports that have yet to write.
const IN_USE: &str = "SELECT 1 AS found WHERE
    EXISTS (SELECT 1 FROM security_keys WHERE tenant_id = $1 AND policy_id = $2)
    OR EXISTS (SELECT 1 FROM batches WHERE tenant_id = $1 AND policy_id = $2 AND status IN ('checking', 'applying'))";

/// Adds a policy in its first version.
///
/// # Errors
/// [`Error::Duplicate`] in `policies` when the name is taken.
pub async fn insert(tx: &mut Tx, policy: &Policy) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        policy.id().as_uuid().into(),
        policy.name().as_str().into(),
        policy.name().folded().into(),
        policy.version().get().into(),
        policy.archived_at().into(),
        policy.created_at().into(),
        policy.updated_at().into(),
        policy.revision().get().into(),
    ];
    tx.execute(INSERT, &values).await?;
    put_version(tx, policy).await
}

/// Replaces `before` by `after`: name, archive, and the rules of its version, which may be a new one.
///
/// # Errors
/// [`Error::Stale`] when the row has changed since `before` was read; [`Error::Duplicate`] when the name is taken.
pub async fn save(tx: &mut Tx, before: &Policy, after: &Policy) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        before.id().as_uuid().into(),
        before.revision().get().into(),
        after.name().as_str().into(),
        after.name().folded().into(),
        after.version().get().into(),
        after.archived_at().into(),
        after.updated_at().into(),
        after.revision().get().into(),
    ];
    tx.guarded(UPDATE, &values).await?;
    if before.rules() != after.rules() || before.version() != after.version() {
        put_version(tx, after).await?;
    }
    Ok(())
}

/// Removes a policy with all its versions.
///
/// # Errors
/// [`Error::Stale`] when it has changed since it was read, or a key or a running import uses it.
pub async fn delete(tx: &mut Tx, policy: &Policy) -> Result<(), Error> {
    let key: [Value; 2] = [tx.tenant().as_uuid().into(), policy.id().as_uuid().into()];
    if tx.query_opt(IN_USE, &key).await?.is_some() {
        return Err(Error::Stale);
    }
    tx.execute(DELETE_VERSIONS, &key).await?;
    let [tenant, id] = key;
    tx.guarded(DELETE, &[tenant, id, policy.revision().get().into()])
        .await?;
    counters::forget(tx, linked(policy.id())).await
}

async fn put_version(tx: &mut Tx, policy: &Policy) -> Result<(), Error> {
    let values = [
        tx.tenant().as_uuid().into(),
        policy.id().as_uuid().into(),
        policy.version().get().into(),
        rules::text(policy.rules()).into(),
        policy.updated_at().into(),
    ];
    tx.execute(PUT_VERSION, &values).await.map(drop)
}
