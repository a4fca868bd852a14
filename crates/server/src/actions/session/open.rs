//! Opens a session: a new random cookie every time, so that none can be planted (session fixation).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use claviger_domain::{BuiltInRole, SessionId, TenantId};
use claviger_store::{
    Actor, Tx,
    administrators::{self, Administrator, grants},
    audit::AuditEntry,
    break_glass,
    sessions::{self, Session},
    sign_in_providers,
};
use zeroize::Zeroizing;

use crate::{
    Failure,
    auth::{Visitor, bearer},
    ports,
};

/// The event of an Owner who signs in beside the identity provider; the dashboard counts it.
pub(crate) const BREAK_GLASS: &str = "session.break_glass";

/// A session just opened, and the only copy of its cookie.
pub struct Opened {
    /// The cookie's value.
    pub cookie: Zeroizing<String>,
    /// The session as it is shown.
    pub session: claviger_api::Session,
}

/// A session about to be opened.
#[derive(Clone)]
pub(crate) struct Opening {
    id: SessionId,
    cookie: Zeroizing<String>,
    method: &'static str,
    source: String,
    user_agent: Option<String>,
    /// A cookie that the browser sent with the sign-in: that session ends.
    replaces: Option<[u8; 32]>,
    life_seconds: i64,
}

impl Opening {
    pub(crate) fn new(visitor: &Visitor, method: &'static str) -> Result<Self, Failure> {
        let secret = Zeroizing::new(ports::random::<32>()?);
        let life = visitor.app.config().session_absolute.as_secs();
        Ok(Self {
            id: SessionId::from_uuid(ports::new_id()),
            cookie: Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice())),
            method,
            source: visitor.address.to_string(),
            user_agent: visitor.user_agent.as_ref().map(|text| text.chars().take(300).collect()),
            replaces: visitor.cookie,
            life_seconds: i64::try_from(life).unwrap_or(i64::MAX),
        })
    }

    /// The cookie's value.
    pub(crate) fn cookie(&self) -> Zeroizing<String> {
        self.cookie.clone()
    }
}

/// The tenant that a session of this administrator starts in.
pub(crate) async fn home(
    reader: &mut claviger_store::Reader,
    who: &Administrator,
) -> Result<Option<TenantId>, Failure> {
    Ok(grants::usable(reader, who.id).await?.first().map(|grant| grant.tenant))
}

/// Opens a session in the job's tenant, in the transaction that proves who it is for.
pub(crate) async fn open(tx: &mut Tx, who: &Administrator, opening: &Opening) -> Result<(), Failure> {
    let now = tx.now();
    if let Some(replaced) = &opening.replaces
        && let Some(old) = sessions::by_cookie(tx, replaced, now).await?
    {
        sessions::delete(tx, old.administrator, old.id).await?;
    }
    let session = Session {
        id: opening.id,
        administrator: who.id,
        cookie_hash: bearer::digest(&opening.cookie),
        tenant: tx.tenant(),
        method: opening.method.to_owned(),
        source: Some(opening.source.clone()),
        user_agent: opening.user_agent.clone(),
        authenticated_at: now,
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus_seconds(opening.life_seconds),
        revision: 1,
    };
    sessions::insert(tx, &session).await?;
    administrators::signed_in(tx, who.id).await?;
    tx.record(entry("session.opened", who, Some(opening.method)));
    beside_the_provider(tx, who, opening.method).await
}

/// An Owner who comes into the job's tenant by means of his own although it has a provider: allowed always, and loud.
pub(super) async fn beside_the_provider(tx: &mut Tx, who: &Administrator, method: &str) -> Result<(), Failure> {
    let tenant = tx.tenant();
    if method == "oidc" || sign_in_providers::get(tx, tenant).await?.is_none() {
        return Ok(());
    }
    let grant = grants::get(tx, tenant, who.id).await?;
    let grant = grant.filter(|grant| grant.disabled_at.is_none());
    if grant.is_some_and(|grant| grant.role == BuiltInRole::Owner.as_str()) {
        tracing::warn!(administrator = %who.id, %tenant, method, "an Owner signed in beside the identity provider");
        tx.record(AuditEntry {
            reason: Some("signed in beside the identity provider".to_owned()),
            ..entry(BREAK_GLASS, who, Some(method))
        });
        break_glass::insert(tx, ports::new_id(), who.id).await?;
    }
    Ok(())
}

/// The actor of a sign-in: the administrator whom it proved.
pub(crate) fn actor(who: &Administrator) -> Actor {
    Actor::Administrator {
        id: who.id.as_uuid(),
        label: who.email.clone(),
    }
}

/// An audit event about an administrator's session.
pub(crate) fn entry(action: &'static str, who: &Administrator, method: Option<&str>) -> AuditEntry {
    AuditEntry {
        action,
        object_kind: "administrator",
        object_id: Some(who.id.as_uuid()),
        object_label: Some(who.email.clone()),
        after: method.map(|method| serde_json::json!({ "method": method })),
        ..AuditEntry::default()
    }
}
