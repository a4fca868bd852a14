//! Making, changing, archiving and deleting policies.

use claviger_domain::{
    PolicyId, Timestamp,
    policy::{Edited, Policy, PolicyRefusal, PolicyRules},
    text::PolicyName,
};
use claviger_store::{
    Tx,
    policies::{self, Listed},
};
use serde_json::{Value, json};

use super::read::listed;
use crate::{
    Failure,
    actions::entries::{Object, changed},
    auth::Caller,
    ports,
    rest::guard::PolicyWrite,
};

/// Makes a policy in its first version.
///
/// # Errors
/// [`Failure::Duplicate`] for a name that is taken.
pub async fn create(caller: &Caller<PolicyWrite>, name: PolicyName, rules: PolicyRules) -> Result<Listed, Failure> {
    let id = PolicyId::from_uuid(ports::new_id());
    let job = async move |tx: &mut Tx| {
        let policy = Policy::create(id, name.clone(), rules.clone(), tx.now());
        policies::insert(tx, &policy).await.map_err(taken)?;
        changed(tx, "policy.created", &object(&policy), None, Some(said(&policy)));
        Ok(listed(policy, claviger_domain::policy::Usage::Unused))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Changes a policy; one whose keys carry it gets a new version.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`], [`Failure::Duplicate`].
pub async fn update(
    caller: &Caller<PolicyWrite>,
    id: PolicyId,
    name: PolicyName,
    rules: PolicyRules,
) -> Result<Listed, Failure> {
    let expected = caller.expected();
    let job = async move |tx: &mut Tx| {
        let (before, usage) = load(tx, id).await?;
        expected.check(before.revision())?;
        let edited = before
            .edit(name.clone(), rules.clone(), usage, tx.now())
            .map_err(refused)?;
        if let Edited::Unchanged(policy) = edited {
            return Ok(listed(policy, usage));
        }
        let after = edited.into_policy();
        policies::save(tx, &before, &after).await.map_err(taken)?;
        changed(
            tx,
            "policy.changed",
            &object(&after),
            Some(said(&before)),
            Some(said(&after)),
        );
        Ok(listed(after, usage))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Takes a policy out of the lists from which keys are linked.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`].
pub async fn archive(caller: &Caller<PolicyWrite>, id: PolicyId) -> Result<Listed, Failure> {
    turn(caller, id, "policy.archived", Policy::archive).await
}

/// Offers an archived policy again.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`].
pub async fn restore(caller: &Caller<PolicyWrite>, id: PolicyId) -> Result<Listed, Failure> {
    turn(caller, id, "policy.restored", Policy::restore).await
}

async fn turn(
    caller: &Caller<PolicyWrite>,
    id: PolicyId,
    action: &'static str,
    decide: fn(&Policy, Timestamp) -> Result<Policy, PolicyRefusal>,
) -> Result<Listed, Failure> {
    let expected = caller.expected();
    let job = async move |tx: &mut Tx| {
        let (before, usage) = load(tx, id).await?;
        expected.check(before.revision())?;
        let after = decide(&before, tx.now()).map_err(refused)?;
        policies::save(tx, &before, &after).await?;
        changed(tx, action, &object(&after), Some(said(&before)), Some(said(&after)));
        Ok(listed(after, usage))
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Deletes a policy that no key uses.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`], [`Failure::Refused`].
pub async fn delete(caller: &Caller<PolicyWrite>, id: PolicyId) -> Result<(), Failure> {
    let expected = caller.expected();
    let job = async move |tx: &mut Tx| {
        let (policy, usage) = load(tx, id).await?;
        expected.check(policy.revision())?;
        policy.delete(usage).map_err(refused)?;
        policies::delete(tx, &policy).await?;
        changed(tx, "policy.deleted", &object(&policy), Some(said(&policy)), None);
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await
}

async fn load(tx: &mut Tx, id: PolicyId) -> Result<(Policy, claviger_domain::policy::Usage), Failure> {
    let tenant = tx.tenant();
    let policy = policies::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
    let usage = policies::usage(tx, tenant, id).await?;
    Ok((policy, usage))
}

fn refused(refusal: PolicyRefusal) -> Failure {
    Failure::refused(refusal.state(), refusal.command(), refusal.to_string())
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("policies") {
        return Failure::Duplicate("A policy of this name exists already.".to_owned());
    }
    error.into()
}

pub(crate) fn object(policy: &Policy) -> Object<'_> {
    Object {
        kind: "policy",
        id: policy.id().as_uuid(),
        label: policy.name().as_str(),
        revision: policy.revision().get(),
    }
}

pub(crate) fn said(policy: &Policy) -> Value {
    let rules = policy.rules();
    json!({
        "name": policy.name().as_str(),
        "version": policy.version().get(),
        "type": rules.kind().as_str(),
        "min_pin_length": rules.min_pin_length(),
        "force_pin_change": rules.force_pin_change(),
        "always_uv": rules.always_uv(),
        "enterprise_attestation": rules.enterprise_attestation(),
        "pin_kind": rules.pin_kind().as_str(),
        "reset_allowed": rules.reset_allowed(),
        "initial_pin_days": rules.initial_pin_days(),
        "min_pin_length_rp_ids": rules.min_pin_length_rp_ids().iter().map(claviger_domain::policy::RpId::as_str).collect::<Vec<_>>(),
        "allowed_services": rules.allowed_services().iter().map(claviger_domain::policy::RpId::as_str).collect::<Vec<_>>(),
        "archived": policy.is_archived(),
    })
}
