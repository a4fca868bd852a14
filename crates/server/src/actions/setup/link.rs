//! One-time links: 256 random bits, stored hashed, dead after 24 hours or one use.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use claviger_domain::{AdministratorId, Privilege, PrivilegeSet, TenantId, Timestamp};
use claviger_store::{
    Actor, Reader, Scope, Tx,
    administrators::grants,
    audit::AuditEntry,
    setup_tokens::{self, SetupToken},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    App, Failure,
    auth::{bearer, roles},
    ports,
};

/// Purpose of the link that is printed at first run.
pub const FIRST_RUN: &str = "first_run";
/// Purpose of the link that an invited administrator gets.
pub const INVITATION: &str = "invitation";
const LIFE_SECONDS: i64 = 24 * 60 * 60;

/// A one-time link; the only copy of its secret.
#[derive(Clone)]
pub struct Link {
    /// What is typed into a browser.
    pub url: Zeroizing<String>,
    /// When it dies.
    pub expires_at: Timestamp,
    /// What is stored of it.
    pub row: SetupToken,
}

/// How far a link reaches: no farther than whoever made it does himself.
#[derive(Debug, Serialize, Deserialize)]
struct Reach {
    tenant: Uuid,
    privileges: Vec<String>,
}

impl Link {
    /// The same link, made by somebody with these privileges in a tenant: it opens nothing that may do more by then, and
    /// nothing elsewhere.
    pub(crate) fn within(mut self, tenant: TenantId, privileges: PrivilegeSet) -> Result<Self, Failure> {
        let reach = Reach {
            tenant: tenant.as_uuid(),
            privileges: privileges.iter().map(|one| one.as_str().to_owned()).collect(),
        };
        self.row.details = Some(serde_json::to_string(&reach).map_err(Failure::internal)?);
        Ok(self)
    }
}

/// Whether the link's holder may by now do more than whoever made it: who made it must not become him. Links that were
/// made at the machine reach everywhere.
pub(super) async fn is_outgrown(reader: &mut Reader, link: &SetupToken, id: AdministratorId) -> Result<bool, Failure> {
    let Some(details) = &link.details else {
        return Ok(false);
    };
    let reach: Reach = serde_json::from_str(details).map_err(Failure::internal)?;
    let names = reach.privileges.iter();
    let maker: PrivilegeSet = names.filter_map(|name| Privilege::parse(name)).collect();
    for grant in grants::of_administrator(reader, id).await? {
        let may = roles::privileges(reader, grant.tenant, &grant.role).await?;
        if grant.tenant.as_uuid() != reach.tenant || !maker.covers(may) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A link for a purpose; the caller stores its row.
///
/// # Errors
/// When there is no randomness.
pub fn make(app: &App, purpose: &str, subject: Option<Uuid>) -> Result<Link, Failure> {
    let secret = Zeroizing::new(ports::random::<32>()?);
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()));
    let now = app.clock().now();
    let row = SetupToken {
        id: ports::new_id(),
        token_hash: bearer::digest(&text),
        purpose: purpose.to_owned(),
        subject,
        details: None,
        created_at: now,
        expires_at: now.plus_seconds(LIFE_SECONDS),
        used_at: None,
    };
    // Behind `#`, so that no proxy and no log sees it.
    let url = Zeroizing::new(format!("{}setup#token={}", app.origin(), text.as_str()));
    Ok(Link {
        url,
        expires_at: row.expires_at,
        row,
    })
}

/// A new link for the first administrator, in place of all earlier ones; `None` once there is one.
///
/// # Errors
/// What the store meets.
pub async fn first_run_link(app: &App) -> Result<Option<Link>, Failure> {
    if !super::needed(app).await? {
        return Ok(None);
    }
    let link = make(app, FIRST_RUN, None)?;
    let row = link.row.clone();
    let scope = Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("first run".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: app.clock().now(),
    };
    let job = async move |tx: &mut Tx| {
        setup_tokens::withdraw(tx, FIRST_RUN).await?;
        setup_tokens::insert(tx, &row).await?;
        tx.record(AuditEntry {
            action: "setup.link_made",
            object_kind: "setup",
            ..AuditEntry::default()
        });
        Ok::<(), Failure>(())
    };
    app.store().write(scope, job).await?;
    Ok(Some(link))
}
