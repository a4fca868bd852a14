//! The first tenant and its Owner, made at the machine instead of in a browser.

use claviger_domain::{ApiTokenId, BuiltInRole, TenantId, text::TenantName};
use claviger_store::{
    Store, Tx,
    administrators::{self, Administrator, grants},
    api_tokens::{self, ApiToken},
    audit::AuditEntry,
    settings,
    setup_tokens::{self, SetupToken},
    tenants::{self, Tenant},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{LinkText, LocalError, origin, people, scope};
use crate::{
    Config,
    auth::bearer,
    ports::{self, Clock},
    serve::is_empty,
};

/// Whom a new installation begins with.
#[derive(Debug, Clone, Copy)]
pub struct FirstSteps<'a> {
    /// Name of the first tenant.
    pub tenant: &'a str,
    /// Address of its Owner.
    pub administrator: &'a str,
}

/// The rows of a new installation.
#[derive(Clone)]
struct Beginning {
    tenant: Tenant,
    owner: Administrator,
}

/// Makes the first tenant and its Owner; answers the one-time link by which the Owner takes up his account.
///
/// # Errors
/// Refuses when there is an administrator already.
pub async fn link(
    config: &Config,
    store: &Store,
    clock: &Clock,
    steps: FirstSteps<'_>,
) -> Result<LinkText, LocalError> {
    let beginning = Beginning::read(steps, clock)?;
    make_key(config, store).await?;
    let (text, row) = people::invitation(&origin(config), beginning.owner.id, clock.now())?;
    let job = async move |tx: &mut Tx, beginning: &Beginning| beginning.write(tx, Some(&row)).await;
    let scope = scope(beginning.tenant.id, clock);
    store
        .write(scope, async move |tx: &mut Tx| job(tx, &beginning).await)
        .await?;
    Ok(text)
}

/// Makes the first tenant and its Owner, and an API token of his role for automation.
///
/// # Errors
/// Refuses when there is an administrator already.
pub async fn api_token(
    config: &Config,
    store: &Store,
    clock: &Clock,
    steps: FirstSteps<'_>,
) -> Result<Zeroizing<String>, LocalError> {
    let beginning = Beginning::read(steps, clock)?;
    make_key(config, store).await?;
    let (text, token_hash) = bearer::make(beginning.tenant.id)?;
    let token = ApiToken {
        id: ApiTokenId::from_uuid(ports::new_id()),
        name: "setup".to_owned(),
        role: BuiltInRole::Owner.as_str().to_owned(),
        token_hash,
        created_by: "command line".to_owned(),
        created_by_id: None,
        created_at: clock.now(),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        revision: 1,
    };
    let scope = scope(beginning.tenant.id, clock);
    let job = async move |tx: &mut Tx| {
        beginning.write(tx, None).await?;
        api_tokens::insert(tx, &token).await?;
        tx.record(entry("api_token.created", "api_token", token.id.as_uuid(), &token.name));
        Ok::<(), LocalError>(())
    };
    store.write(scope, job).await?;
    Ok(text)
}

/// The key-encryption key is made while the database is new, as the server's first start would.
pub(crate) async fn make_key(config: &Config, store: &Store) -> Result<(), LocalError> {
    let made = config.kek.load(is_empty(store).await?);
    made.map(drop).map_err(|error| LocalError::Refused(error.to_string()))
}

impl Beginning {
    fn read(steps: FirstSteps<'_>, clock: &Clock) -> Result<Self, LocalError> {
        let now = clock.now();
        let name = TenantName::new(steps.tenant).map_err(|fault| LocalError::Invalid(format!("--tenant: {fault}")))?;
        let owner = people::invited(&people::email(steps.administrator)?, now);
        let id = TenantId::from_uuid(ports::new_id());
        let name = name.as_str().to_owned();
        Ok(Self {
            tenant: Tenant {
                id,
                name,
                suspended_at: None,
                created_at: now,
                updated_at: now,
                revision: 1,
            },
            owner,
        })
    }

    async fn write(&self, tx: &mut Tx, link: Option<&SetupToken>) -> Result<(), LocalError> {
        let (tenant, owner) = (&self.tenant, &self.owner);
        if administrators::any(tx).await? {
            return Err(LocalError::Refused(
                "this server is set up already; sign in, or use `claviger recover-owner` if no Owner can".to_owned(),
            ));
        }
        // The link that the server printed when it started would make a second first tenant.
        setup_tokens::withdraw(tx, "first_run").await?;
        tenants::insert(tx, tenant).await?;
        people::insert(tx, owner, link).await?;
        grants::insert(tx, tenant.id, owner.id, BuiltInRole::Owner.as_str()).await?;
        settings::set(tx, TenantId::SYSTEM, "first_tenant", &tenant.id.to_string(), 0).await?;
        tx.record(entry("tenant.created", "tenant", tenant.id.as_uuid(), &tenant.name));
        tx.record(entry(
            "administrator.created",
            "administrator",
            owner.id.as_uuid(),
            &owner.email,
        ));
        Ok(())
    }
}

fn entry(action: &'static str, object_kind: &'static str, id: Uuid, label: &str) -> AuditEntry {
    AuditEntry {
        action,
        object_kind,
        object_id: Some(id),
        object_label: Some(label.to_owned()),
        ..AuditEntry::default()
    }
}
