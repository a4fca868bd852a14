//! What a session is: who, where, with which rights.

use claviger_api::{Session, SessionAdministrator, SessionTenant, SignInMethod, TenantGrant, Time};
use claviger_domain::{AdministratorId, TenantId, Timestamp};
use claviger_store::{Reader, administrators::grants, tenants};
use zeroize::Zeroizing;

use super::Opened;
use crate::{
    App, Failure,
    auth::{Caller, Identity, Who, authenticate, bearer},
    rest::guard::SignedIn,
};

/// The caller's own session; for an API token, what it may do.
///
/// # Errors
/// What the store meets.
pub async fn show(caller: &Caller<SignedIn>) -> Result<Session, Failure> {
    view(caller.app(), caller.identity().clone()).await
}

/// A session just opened, as its owner sees it.
pub(crate) async fn opened(app: &App, cookie: Zeroizing<String>) -> Result<Opened, Failure> {
    let identity = authenticate::by_session_cookie(app, bearer::digest(&cookie)).await?;
    Ok(Opened {
        session: view(app, identity.as_ref().clone()).await?,
        cookie,
    })
}

pub(super) async fn view(app: &App, identity: Identity) -> Result<Session, Failure> {
    let tenant = identity.tenant;
    // A provider's word holds in its tenant alone: such a session sees no other.
    let person = identity.signed_in().filter(|who| who.method != SignInMethod::Oidc);
    let person = person.map(|who| who.id);
    let role = identity.role.clone();
    let tenants = app
        .store()
        .read(async move |reader| worlds(reader, tenant, person, &role).await)
        .await?;
    let name = tenants
        .iter()
        .find(|one| one.id == tenant.as_uuid())
        .map(|one| one.name.clone())
        .unwrap_or_default();
    let (administrator, method, authenticated_at, expires_at) = who(&identity, app.clock().now());
    Ok(Session {
        administrator,
        tenant: SessionTenant {
            id: tenant.as_uuid(),
            name,
        },
        tenants,
        privileges: identity
            .privileges
            .iter()
            .map(|privilege| privilege.as_str().to_owned())
            .collect(),
        role: identity.role,
        method,
        authenticated_at: Time::from_micros(authenticated_at.as_micros()),
        expires_at: Time::from_micros(expires_at.as_micros()),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

fn who(identity: &Identity, now: Timestamp) -> (SessionAdministrator, SignInMethod, Timestamp, Timestamp) {
    match &identity.who {
        Who::Administrator(signed_in) => {
            let administrator = SessionAdministrator {
                id: signed_in.id.as_uuid(),
                email: signed_in.email.clone(),
                display_name: signed_in.display_name.clone(),
                locale: signed_in.locale.clone(),
            };
            (
                administrator,
                signed_in.method,
                signed_in.authenticated_at,
                signed_in.expires_at,
            )
        }
        Who::ApiToken { .. } | Who::System(_) => {
            let administrator = SessionAdministrator {
                id: identity.caller_id(),
                email: String::new(),
                display_name: identity.actor().label().to_owned(),
                locale: "en".to_owned(),
            };
            (administrator, SignInMethod::ApiToken, now, now.plus_days(1))
        }
    }
}

/// The tenants to choose from: all with a role for a person, its own for a program.
async fn worlds(
    reader: &mut Reader,
    tenant: TenantId,
    person: Option<AdministratorId>,
    role: &str,
) -> Result<Vec<TenantGrant>, Failure> {
    let held = match person {
        Some(id) => {
            let grants = grants::usable(reader, id).await?;
            grants.into_iter().map(|grant| (grant.tenant, grant.role)).collect()
        }
        None => vec![(tenant, role.to_owned())],
    };
    let mut worlds = Vec::new();
    for (id, role) in held {
        if let Some(tenant) = tenants::get(reader, id).await? {
            worlds.push(TenantGrant {
                id: id.as_uuid(),
                name: tenant.name,
                role,
            });
        }
    }
    Ok(worlds)
}
