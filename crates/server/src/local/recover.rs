//! A way back in when no Owner can sign in.

use claviger_domain::{BuiltInRole, TenantId};
use claviger_store::{
    Reader, Store, Tx,
    administrators::{self, Administrator, grants},
    audit::AuditEntry,
    setup_tokens,
    tenants::{self, Tenant},
};

use super::{LinkText, LocalError, origin, people, scope};
use crate::{Config, ports::Clock};

/// Who is let in again, and where.
#[derive(Debug, Clone, Copy)]
pub struct Recovery<'a> {
    /// His address; an administrator who does not exist is made.
    pub administrator: &'a str,
    /// Name of the tenant; may be left out where there is one alone.
    pub tenant: Option<&'a str>,
}

/// Makes someone Owner of a tenant and answers the one-time link by which he sets a new password or passkey.
///
/// # Errors
/// Refuses before first setup, and where several tenants exist and none is named.
pub async fn recover_owner(
    config: &Config,
    store: &Store,
    clock: &Clock,
    recovery: Recovery<'_>,
) -> Result<(LinkText, String), LocalError> {
    let email = people::email(recovery.administrator)?;
    let tenant = tenant(store, recovery.tenant.map(str::to_owned)).await?;
    let fresh = people::invited(&email, clock.now());
    let address = email.as_str().to_owned();
    let known = store
        .read(async move |reader: &mut Reader| Ok::<_, LocalError>(administrators::by_email(reader, &address).await?))
        .await?;
    let (text, row) = people::invitation(
        &origin(config),
        known.as_ref().map_or(fresh.id, |known| known.id),
        clock.now(),
    )?;
    let (name, id) = (tenant.name.clone(), tenant.id);
    let job = async move |tx: &mut Tx| {
        let who = owner(tx, known.as_ref(), &fresh, id).await?;
        setup_tokens::insert(tx, &row).await?;
        tx.record(AuditEntry {
            action: "administrator.recovered",
            object_kind: "administrator",
            object_id: Some(who.id.as_uuid()),
            object_label: Some(who.email),
            reason: Some("recover-owner at the server's command line".to_owned()),
            ..AuditEntry::default()
        });
        Ok::<(), LocalError>(())
    };
    store.write(scope(tenant.id, clock), job).await?;
    Ok((text, name))
}

async fn tenant(store: &Store, named: Option<String>) -> Result<Tenant, LocalError> {
    let mut all = store
        .read(async |reader: &mut Reader| Ok::<_, LocalError>(tenants::list(reader).await?))
        .await?;
    let existing: Vec<String> = all.iter().map(|tenant| tenant.name.clone()).collect();
    if let Some(named) = named {
        all.retain(|tenant| tenant.name.to_lowercase() == named.trim().to_lowercase());
    }
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) if existing.is_empty() => Err(LocalError::Refused(
            "there is no tenant yet; use `claviger setup`".to_owned(),
        )),
        _ => Err(LocalError::Refused(format!(
            "name one of the tenants with --tenant: {}",
            existing.join(", ")
        ))),
    }
}

async fn owner(
    tx: &mut Tx,
    known: Option<&Administrator>,
    fresh: &Administrator,
    tenant: TenantId,
) -> Result<Administrator, LocalError> {
    let who = match known {
        None => {
            people::insert(tx, fresh, None).await?;
            fresh.clone()
        }
        Some(known) if known.disabled_at.is_some() => {
            administrators::save(
                tx,
                &Administrator {
                    disabled_at: None,
                    ..known.clone()
                },
            )
            .await?
        }
        Some(known) => known.clone(),
    };
    match grants::get(tx, tenant, who.id).await? {
        None => grants::insert(tx, tenant, who.id, BuiltInRole::Owner.as_str()).await?,
        Some(grant) => {
            let (role, disabled_at) = (BuiltInRole::Owner.as_str().to_owned(), None);
            let restored = grants::Grant {
                role,
                disabled_at,
                ..grant
            };
            grants::save(tx, &restored).await?;
        }
    }
    Ok(who)
}
