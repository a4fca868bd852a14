//! Tenants: separate worlds. An administrator sees those in which he holds a role.

use claviger_api::{TenantChange, TenantDraft};
use claviger_domain::{AdministratorId, BuiltInRole, Revision, TenantId, text::TenantName};
use claviger_store::{
    Reader, Tx,
    administrators::grants,
    tenants::{self, Tenant},
};
use serde_json::json;

use super::entries::{Object, changed};
use crate::{
    Failure,
    auth::Caller,
    ports,
    rest::guard::{TenantRead, TenantWrite},
};

/// The tenants in which the caller holds a role; for an API token its own.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<TenantRead>) -> Result<Vec<Tenant>, Failure> {
    let (own, person) = (caller.tenant(), caller.identity().signed_in().map(|who| who.id));
    caller
        .read(async move |reader| visible(reader, own, person).await)
        .await
}

async fn visible(reader: &mut Reader, own: TenantId, person: Option<AdministratorId>) -> Result<Vec<Tenant>, Failure> {
    let ids = match person {
        Some(id) => grants::usable(reader, id)
            .await?
            .into_iter()
            .map(|grant| grant.tenant)
            .collect(),
        None => vec![own],
    };
    let mut found = Vec::new();
    for id in ids {
        found.extend(tenants::get(reader, id).await?);
    }
    Ok(found)
}

/// Makes a tenant; the caller becomes its first Owner.
///
/// # Errors
/// [`Failure::Forbidden`] for an API token, which belongs to one tenant; [`Failure::Duplicate`] for a name that is taken.
pub async fn create(caller: &Caller<TenantWrite>, draft: TenantDraft) -> Result<Tenant, Failure> {
    caller.require_own_means()?;
    let name = name(&draft.name)?;
    let (owner, id) = (caller.signed_in()?.id, TenantId::from_uuid(ports::new_id()));
    let job = async move |tx: &mut Tx| {
        let now = tx.now();
        let made = Tenant {
            id,
            name: name.clone(),
            suspended_at: None,
            created_at: now,
            updated_at: now,
            revision: 1,
        };
        tenants::insert(tx, &made).await.map_err(taken)?;
        grants::insert(tx, id, owner, BuiltInRole::Owner.as_str()).await?;
        changed(
            tx,
            "tenant.created",
            &object(&made),
            None,
            Some(json!({ "name": made.name })),
        );
        Ok(made)
    };
    caller.write_on(id.as_uuid(), job).await
}

/// Renames a tenant in which the caller holds a role that may.
///
/// # Errors
/// [`Failure::NotFound`] for every other tenant.
pub async fn update(caller: &Caller<TenantWrite>, id: TenantId, change: TenantChange) -> Result<Tenant, Failure> {
    if id != caller.tenant() {
        return Err(Failure::NotFound);
    }
    let (name, expected) = (name(&change.name)?, caller.expected());
    let job = async move |tx: &mut Tx| {
        let before = tenants::get(tx, id).await?.ok_or(Failure::NotFound)?;
        expected.check(Revision::new(before.revision))?;
        let after = tenants::save(
            tx,
            &Tenant {
                name: name.clone(),
                ..before.clone()
            },
        )
        .await
        .map_err(taken)?;
        let said = (json!({ "name": before.name }), json!({ "name": after.name }));
        changed(tx, "tenant.renamed", &object(&after), Some(said.0), Some(said.1));
        Ok(after)
    };
    caller.write_on(id.as_uuid(), job).await
}

fn name(given: &str) -> Result<String, Failure> {
    let name = TenantName::new(given).map_err(|fault| Failure::invalid("/name", fault.to_string()))?;
    Ok(name.as_str().to_owned())
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("tenants") {
        Failure::Duplicate("A tenant of this name exists already.".to_owned())
    } else {
        error.into()
    }
}

fn object(tenant: &Tenant) -> Object<'_> {
    Object {
        kind: "tenant",
        id: tenant.id.as_uuid(),
        label: &tenant.name,
        revision: tenant.revision,
    }
}
