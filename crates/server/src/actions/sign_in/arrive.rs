//! Who comes in by the provider's word: known by issuer and subject, never by an address; with the role to which his
//! groups lead today.

use claviger_domain::{
    AdministratorId, BuiltInRole, Role, UserId,
    text::{DisplayName, Email, UserName},
};
use claviger_store::{
    Tx,
    administrators::{
        self, Administrator,
        grants::{self, Grant},
        identities,
    },
    audit::AuditEntry,
    sessions::{self, Session},
    sign_in_providers::{self, Provider},
    tenants, users,
};
use serde_json::{Value, json};

use super::{document::Document, finish::Turned};
use crate::{
    Failure,
    actions::{
        administrators::owners,
        session::{Opening, open},
    },
    auth::{oidc::Claims, roles},
    ports,
};

/// Somebody whose claims hold.
#[derive(Clone)]
pub(super) struct Coming {
    pub(super) provider: Provider,
    pub(super) document: Document,
    pub(super) claims: Claims,
    pub(super) opening: Opening,
    /// The session in which he began, for a step-up or a link.
    pub(super) session: Option<[u8; 32]>,
}

/// Opens a session for whoever is known, or may become an administrator.
pub(super) async fn sign_in(tx: &mut Tx, coming: &Coming) -> Result<Result<(), Turned>, Failure> {
    let tenant = tx.tenant();
    tenants::hold(tx, tenant).await?;
    // Settings that changed while somebody was away decide about the next.
    let now = sign_in_providers::get(tx, tenant).await?;
    if now.as_ref() != Some(&coming.provider) {
        return Ok(Err(Turned::Expired));
    }
    let role = role(tx, coming).await?;
    let (issuer, subject) = (&coming.document.issuer, &coming.claims.subject);
    let known = identities::get(tx, tenant, issuer, subject).await?;
    let Some(role) = role else {
        if let Some(id) = known {
            sessions::delete_in_tenant(tx, id, tenant).await?;
        }
        return Ok(Err(Turned::NoAccess));
    };
    let who = match known {
        Some(id) => match refresh(tx, coming, id, &role).await? {
            Ok(who) => who,
            Err(turned) => return Ok(Err(turned)),
        },
        None => match create(tx, coming, &role).await? {
            Ok(who) => who,
            Err(turned) => return Ok(Err(turned)),
        },
    };
    identities::used(tx, issuer, subject).await?;
    open(tx, &who, &coming.opening).await?;
    Ok(Ok(()))
}

/// Notes that the person of a session proved once more who he is.
pub(super) async fn step_up(tx: &mut Tx, coming: &Coming) -> Result<Result<(), Turned>, Failure> {
    let Some((session, who)) = session(tx, coming).await? else {
        return Ok(Err(Turned::Expired));
    };
    let tenant = tx.tenant();
    let known = identities::get(tx, tenant, &coming.document.issuer, &coming.claims.subject).await?;
    if known != Some(who.id) {
        return Ok(Err(Turned::SomebodyElse));
    }
    let authenticated_at = tx.now();
    let renewed = Session {
        authenticated_at,
        ..session
    };
    sessions::save(tx, &renewed).await?;
    tx.record(entry("session.stepped_up", &who, Some(json!({ "method": "oidc" }))));
    Ok(Ok(()))
}

/// Makes the person of a session known at the provider: he proved both within the same few minutes.
pub(super) async fn link(tx: &mut Tx, coming: &Coming) -> Result<Result<(), Turned>, Failure> {
    let Some((_, who)) = session(tx, coming).await? else {
        return Ok(Err(Turned::Expired));
    };
    let (tenant, issuer, subject) = (tx.tenant(), &coming.document.issuer, &coming.claims.subject);
    match identities::get(tx, tenant, issuer, subject).await? {
        Some(id) if id == who.id => Ok(Ok(())),
        Some(_) => Ok(Err(Turned::SomebodyElse)),
        None => {
            identities::insert(tx, issuer, subject, who.id).await?;
            tx.record(entry("administrator.linked", &who, Some(json!({ "issuer": issuer }))));
            Ok(Ok(()))
        }
    }
}

async fn session(tx: &mut Tx, coming: &Coming) -> Result<Option<(Session, Administrator)>, Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let Some(hash) = coming.session else { return Ok(None) };
    let Some(session) = sessions::by_cookie(tx, &hash, now).await? else {
        return Ok(None);
    };
    let who = administrators::get(tx, session.administrator).await?;
    Ok(who.filter(|_| session.tenant == tenant).map(|who| (session, who)))
}

/// The role to which the groups lead: the one that allows all that the others do, or else the one that allows most.
async fn role(tx: &mut Tx, coming: &Coming) -> Result<Option<Role>, Failure> {
    let tenant = tx.tenant();
    let document = &coming.document;
    let mut best: Option<Role> = None;
    let led = coming
        .claims
        .groups
        .iter()
        .filter_map(|group| document.group_roles.get(group));
    let mut named: Vec<&String> = led.collect();
    if named.is_empty() {
        named.extend(&document.default_role);
    }
    named.sort();
    for name in named {
        let Some(role) = roles::find(tx, tenant, name).await? else {
            continue;
        };
        let more = |held: &Role| {
            let (this, other) = (role.privileges(), held.privileges());
            this.covers(other) || (!other.covers(this) && this.iter().count() > other.iter().count())
        };
        if best.as_ref().is_none_or(more) {
            best = Some(role);
        }
    }
    Ok(best)
}

/// Whoever is known gets the role of today.
async fn refresh(
    tx: &mut Tx,
    coming: &Coming,
    id: AdministratorId,
    role: &Role,
) -> Result<Result<Administrator, Turned>, Failure> {
    let tenant = tx.tenant();
    let who = administrators::get(tx, id).await?;
    let grant = grants::get(tx, tenant, id).await?;
    let (Some(who), Some(grant)) = (who, grant) else {
        return Ok(Err(Turned::Unknown));
    };
    if who.disabled_at.is_some() || grant.disabled_at.is_some() {
        return Ok(Err(Turned::Barred));
    }
    let owner = BuiltInRole::Owner.as_str();
    let keeps = grant.role == owner && role.name() != owner && !owners::another(tx, tenant, id).await?;
    let user = match grant.user {
        Some(user) => Some(user),
        None => same_person(tx, &coming.claims).await?,
    };
    let after = Grant {
        role: if keeps { owner } else { role.name() }.to_owned(),
        user,
        ..grant.clone()
    };
    if keeps {
        tx.record(entry(
            "administrator.kept_as_last_owner",
            &who,
            Some(json!({ "group_role": role.name() })),
        ));
    }
    if after != grant {
        grants::save(tx, &after).await?;
        let said = |grant: &Grant| json!({ "role": grant.role, "user_id": grant.user.map(|user| user.to_string()) });
        tx.record(AuditEntry {
            before: Some(said(&grant)),
            reason: Some("groups at the identity provider".to_owned()),
            ..entry("administrator.role_changed", &who, Some(said(&after)))
        });
    }
    Ok(Ok(who))
}

/// A first sign-in makes an administrator, where the tenant wants that.
async fn create(tx: &mut Tx, coming: &Coming, role: &Role) -> Result<Result<Administrator, Turned>, Failure> {
    if !coming.document.create_administrators {
        return Ok(Err(Turned::Unknown));
    }
    let claims = &coming.claims;
    let Some(email) = claims.email.as_deref().and_then(|email| Email::new(email).ok()) else {
        return Ok(Err(Turned::Unknown));
    };
    // Whoever has this address may be somebody else: an address proves nothing.
    if administrators::by_email(tx, email.as_str()).await?.is_some() {
        return Ok(Err(Turned::AddressTaken));
    }
    let name = claims
        .display_name
        .as_deref()
        .and_then(|name| DisplayName::new(name).ok());
    let (tenant, now) = (tx.tenant(), tx.now());
    let who = Administrator {
        id: AdministratorId::from_uuid(ports::new_id()),
        email: email.as_str().to_owned(),
        display_name: name.map_or_else(|| email.as_str().to_owned(), |name| name.as_str().to_owned()),
        locale: None,
        password_hash: None,
        disabled_at: None,
        last_sign_in_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    administrators::insert(tx, &who).await?;
    grants::insert(tx, tenant, who.id, role.name()).await?;
    if let (Some(user), Some(grant)) = (same_person(tx, claims).await?, grants::get(tx, tenant, who.id).await?) {
        let user = Some(user);
        grants::save(tx, &Grant { user, ..grant }).await?;
    }
    identities::insert(tx, &coming.document.issuer, &claims.subject, who.id).await?;
    let after = json!({ "email": who.email, "role": role.name(), "issuer": coming.document.issuer });
    tx.record(entry("administrator.created", &who, Some(after)));
    Ok(Ok(who))
}

/// The user whose name is the subject. Other names that the provider calls him by prove nothing: at many providers
/// people choose them (OpenID Connect Core §5.7).
async fn same_person(tx: &mut Tx, claims: &Claims) -> Result<Option<UserId>, Failure> {
    let tenant = tx.tenant();
    let Ok(name) = UserName::new(&claims.subject) else {
        return Ok(None);
    };
    Ok(users::by_name(tx, tenant, &name).await?.map(|user| user.id()))
}

fn entry(action: &'static str, who: &Administrator, after: Option<Value>) -> AuditEntry {
    AuditEntry {
        action,
        object_kind: "administrator",
        object_id: Some(who.id.as_uuid()),
        object_label: Some(who.email.clone()),
        after,
        ..AuditEntry::default()
    }
}
