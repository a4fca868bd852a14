//! From a credential to an identity: the cache first, then one read of the store.

use std::{net::IpAddr, sync::Arc};

use axum::http::HeaderMap;
use claviger_api::SignInMethod;
use claviger_domain::{PrivilegeSet, TenantId, Timestamp};
use claviger_store::{Actor, Reader, Scope, administrators, administrators::grants, api_tokens, sessions, tenants};

use super::{
    Identity, Who,
    bearer::{self, Presented},
    cookies,
    identity::SignedIn,
    limiter::Target,
    roles, tokens,
};
use crate::{App, Failure, actions::settings};

const SIGN_IN: Failure = Failure::Unauthenticated("Sign in first, or send an API token.");
const OVER: Failure = Failure::Unauthenticated("The session is over. Sign in again.");
const DEAD: Failure = Failure::Unauthenticated("The API token is not valid.");
/// Uses are noted to the minute: a write for every request would cost more than it tells.
const NOTED_MICROS: i64 = 60 * 1_000_000;

/// Who sends these headers. A bad API token is never made good by a cookie beside it.
///
/// # Errors
/// [`Failure::Unauthenticated`] without a credential that holds now; [`Failure::RateLimited`] after too many API tokens
/// that nobody made.
pub async fn identify(app: &App, headers: &HeaderMap, address: IpAddr) -> Result<Arc<Identity>, Failure> {
    if let Some(presented) = bearer::presented(headers) {
        return presented_token(app, presented.ok_or(DEAD)?, address).await;
    }
    let cookie = cookies::session(headers).ok_or(SIGN_IN)?;
    by_session_cookie(app, bearer::digest(cookie)).await
}

/// A token that was never right here is a guess; after too many of them from an address, the next is not looked at.
async fn presented_token(app: &App, presented: Presented, address: IpAddr) -> Result<Arc<Identity>, Failure> {
    let (limiter, now) = (app.limiter(), app.clock().now());
    let known = limiter.is_proven(&presented.hash);
    if !known {
        limiter.bounded(Target::ApiToken, address, now)?;
    }
    match by_token(app, presented).await {
        Ok(identity) => {
            if !known {
                limiter.prove(presented.hash);
            }
            Ok(identity)
        }
        Err(Failure::Unauthenticated(refusal)) if !known => {
            limiter.take(app.store(), Target::ApiToken, address, now).await?;
            Err(Failure::Unauthenticated(refusal))
        }
        Err(other) => Err(other),
    }
}

async fn by_token(app: &App, presented: Presented) -> Result<Arc<Identity>, Failure> {
    if let Some(known) = app
        .identities()
        .get(&presented.hash)
        .filter(|known| known.signed_in().is_none())
    {
        return Ok(known);
    }
    let (epoch, now) = (app.identities().epoch(), app.clock().now());
    let (token, privileges) = app
        .store()
        .read(async move |reader| usable_token(reader, presented, now).await)
        .await?;
    let identity = Arc::new(Identity {
        tenant: presented.tenant,
        privileges,
        who: Who::ApiToken {
            id: token.id,
            name: token.name,
            hash: presented.hash,
        },
        role: token.role,
    });
    app.identities().remember(presented.hash, &identity, epoch);
    if token.last_used_at.is_none_or(|at| now.micros_since(at) > NOTED_MICROS) {
        let id = token.id;
        note(app, presented.tenant, id.as_u128(), async move |tx| {
            api_tokens::used(tx, id).await.map_err(Failure::from)
        });
    }
    Ok(identity)
}

async fn usable_token(
    reader: &mut Reader,
    presented: Presented,
    now: Timestamp,
) -> Result<(api_tokens::ApiToken, PrivilegeSet), Failure> {
    let token = api_tokens::by_hash(reader, presented.tenant, &presented.hash)
        .await?
        .ok_or(DEAD)?;
    let tenant = tenants::get(reader, presented.tenant).await?;
    if token.revoked_at.is_some() || tenant.is_none_or(|tenant| tenant.suspended_at.is_some()) {
        return Err(DEAD);
    }
    let privileges = tokens::standing(reader, presented.tenant, &token, now).await?;
    Ok((token, privileges.map_err(|_| DEAD)?))
}

/// The identity of the session with this cookie.
pub(crate) async fn by_session_cookie(app: &App, hash: [u8; 32]) -> Result<Arc<Identity>, Failure> {
    // A credential counts as its own kind alone: an API token in a cookie would escape the check of the origin.
    if let Some(known) = app.identities().get(&hash).filter(|known| known.signed_in().is_some()) {
        return Ok(known);
    }
    let (epoch, now) = (app.identities().epoch(), app.clock().now());
    let idle = i64::try_from(app.config().session_idle.as_micros()).unwrap_or(i64::MAX);
    let identity = app
        .store()
        .read(async move |reader| session(reader, &hash, now, idle).await)
        .await?;
    let identity = Arc::new(identity);
    app.identities().remember(hash, &identity, epoch);
    if let Some(signed_in) = identity
        .signed_in()
        .filter(|one| now.micros_since(one.last_seen_at) > NOTED_MICROS)
    {
        let (id, ends) = (signed_in.session, signed_in.expires_at);
        note(app, TenantId::SYSTEM, id.as_u128(), async move |tx| {
            sessions::seen(tx, id, ends).await.map_err(Failure::from)
        });
    }
    Ok(identity)
}

/// The identity of a session whose administrator still holds a role in the session's tenant.
async fn session(reader: &mut Reader, hash: &[u8; 32], now: Timestamp, idle: i64) -> Result<Identity, Failure> {
    let session = sessions::by_cookie(reader, hash, now).await?.ok_or(OVER)?;
    if now.micros_since(session.last_seen_at) > idle {
        return Err(OVER);
    }
    let who = administrators::get(reader, session.administrator).await?;
    let who = who.filter(|who| who.disabled_at.is_none()).ok_or(OVER)?;
    let grant = grants::get(reader, session.tenant, who.id).await?;
    let grant = grant.filter(|grant| grant.disabled_at.is_none()).ok_or(OVER)?;
    let bounds = settings::of(reader, session.tenant).await?.session;
    if bounds.is_over(session.last_seen_at, session.created_at, now) {
        return Err(OVER);
    }
    Ok(Identity {
        tenant: session.tenant,
        privileges: roles::privileges(reader, session.tenant, &grant.role).await?,
        role: grant.role,
        who: Who::Administrator(Box::new(SignedIn {
            id: who.id,
            email: who.email,
            display_name: who.display_name,
            locale: who.locale.unwrap_or_else(|| "en".to_owned()),
            user: grant.user,
            session: session.id,
            hash: *hash,
            method: method(&session.method),
            authenticated_at: session.authenticated_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            step_up_minutes: bounds.step_up_minutes,
        })),
    })
}

/// How a session began, as stored.
#[must_use]
pub fn method(stored: &str) -> SignInMethod {
    match stored {
        "passkey" => SignInMethod::Passkey,
        "oidc" => SignInMethod::Oidc,
        _ => SignInMethod::Password,
    }
}

/// Notes a use beside the request: it changes nothing that anyone edits, and nobody waits for it.
fn note<F>(app: &App, tenant: TenantId, lane_key: u128, job: F)
where
    F: AsyncFn(&mut claviger_store::Tx) -> Result<(), Failure> + Send + 'static,
{
    let actor = Actor::System("sign-in".to_owned());
    let scope = Scope {
        tenant,
        actor,
        source: None,
        request_id: None,
        lane_key,
        now: app.clock().now(),
    };
    let store = app.store().clone();
    tokio::spawn(async move {
        if let Err(failure) = store.write(scope, job).await {
            tracing::warn!(?failure, "a use was not noted");
        }
    });
}

/// Whether the credential behind an identity still opens the same tenant: asked by streams that outlive a request.
pub(crate) async fn still(app: &App, identity: &Identity) -> bool {
    let now = match &identity.who {
        Who::Administrator(signed_in) => by_session_cookie(app, signed_in.hash).await,
        Who::ApiToken { hash, .. } => {
            by_token(
                app,
                Presented {
                    tenant: identity.tenant,
                    hash: *hash,
                },
            )
            .await
        }
        Who::System(_) => return true,
    };
    now.is_ok_and(|now| now.tenant == identity.tenant)
}
