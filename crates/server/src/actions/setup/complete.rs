//! Uses a one-time link: the first administrator with his tenant, or an invited one.

use claviger_api::{PasskeyRegistration, Setup};
use claviger_domain::{
    AdministratorId, BuiltInRole, PasskeyId, TenantId,
    text::{DisplayName, Email, PasskeyName, TenantName},
};
use claviger_store::{
    Actor, Tx,
    administrators::{self, Administrator, grants},
    audit::AuditEntry,
    passkeys, settings,
    setup_tokens::{self, SetupToken},
    tenants::{self, Tenant},
};

use super::link::{self, FIRST_RUN};
use crate::{
    Failure,
    actions::{
        fields::{self, Fields},
        session::{self, Opened, Opening},
    },
    auth::{Visitor, bearer, limiter::Target},
    ports,
};

/// What was sent, read.
#[derive(Clone)]
struct Person {
    email: Email,
    name: DisplayName,
    locale: String,
    tenant: Option<TenantName>,
}

/// How the new administrator will sign in.
#[derive(Clone)]
struct Proof {
    password_hash: Option<String>,
    passkey: Option<passkeys::Passkey>,
    id: AdministratorId,
}

/// Uses a one-time link and signs its holder in.
///
/// # Errors
/// [`Failure::Validation`] names each field that is wrong, `/setup_token` for a link that does not work.
pub async fn complete(visitor: &Visitor, order: Setup) -> Result<Opened, Failure> {
    let app = visitor.app.clone();
    visitor.guess(Target::OneTime).await?;
    let (hash, now) = (bearer::digest(&order.setup_token), app.clock().now());
    let link = app
        .store()
        .read(async move |reader| Ok::<_, Failure>(setup_tokens::by_hash(reader, &hash, now).await?))
        .await?;
    let link = link.ok_or_else(dead_link)?;
    visitor.was_right(Target::OneTime).await?;
    let person = read(&order, link.purpose == FIRST_RUN)?;
    let proof = proof(visitor, order, &link).await?;
    let opening = Opening::new(visitor, if proof.passkey.is_some() { "passkey" } else { "password" })?;
    let cookie = opening.cookie();
    let tenant = match link.subject {
        None => TenantId::from_uuid(ports::new_id()),
        Some(subject) => home_of(visitor, AdministratorId::from_uuid(subject)).await?,
    };
    let actor = Actor::Administrator {
        id: proof.id.as_uuid(),
        label: person.email.as_str().to_owned(),
    };
    let job = async move |tx: &mut Tx| {
        setup_tokens::consume(tx, &link).await.map_err(|_| dead_link())?;
        let who = match link.subject {
            None => first(tx, &person, &proof).await?,
            Some(_) => invited(tx, &link, &person, &proof).await?,
        };
        if let Some(passkey) = &proof.passkey {
            passkeys::insert(tx, passkey).await?;
        }
        session::open(tx, &who, &opening).await
    };
    app.store()
        .write(visitor.scope(tenant, actor, tenant.as_uuid()), job)
        .await?;
    session::opened(&app, cookie).await
}

/// The link was used, withdrawn, is too old, or never was.
pub(super) fn dead_link() -> Failure {
    Failure::invalid(
        "/setup_token",
        "this link does not work any more; the server prints a new one when it starts, or ask for a new invitation",
    )
}

fn read(order: &Setup, first_run: bool) -> Result<Person, Failure> {
    let mut fields = Fields::default();
    let email = fields.read("/email", Email::new(&order.email));
    let name = fields.read("/display_name", DisplayName::new(&order.display_name));
    let locale = fields.read("/locale", fields::locale(order.locale.as_deref().unwrap_or("en")));
    let tenant = match order.tenant_name.as_deref() {
        Some(name) if first_run => fields.read("/tenant_name", TenantName::new(name)),
        None if first_run => {
            fields.fault("/tenant_name", "the first tenant needs a name");
            None
        }
        _ => None,
    };
    if order.password.is_none() && order.passkey.is_none() {
        fields.fault("/password", "send a password or a passkey");
    }
    let all = email.zip(name).zip(locale).map(|((email, name), locale)| Person {
        email,
        name,
        locale,
        tenant,
    });
    fields.all(all)
}

async fn proof(visitor: &Visitor, order: Setup, link: &SetupToken) -> Result<Proof, Failure> {
    let app = &visitor.app;
    let password_hash = match order.password {
        Some(password) => Some(app.passwords().hash("/password", password).await?),
        None => None,
    };
    let (id, passkey) = match order.passkey {
        Some(registration) => register(visitor, registration).await?,
        None => (
            AdministratorId::from_uuid(link.subject.unwrap_or_else(ports::new_id)),
            None,
        ),
    };
    if link.subject.is_some_and(|subject| subject != id.as_uuid()) {
        return Err(Failure::invalid(
            "/passkey/ceremony_id",
            "this ceremony was begun with another link",
        ));
    }
    Ok(Proof {
        password_hash,
        passkey,
        id,
    })
}

async fn register(
    visitor: &Visitor,
    sent: PasskeyRegistration,
) -> Result<(AdministratorId, Option<passkeys::Passkey>), Failure> {
    let app = &visitor.app;
    let name = PasskeyName::new(&sent.name).map_err(|fault| Failure::invalid("/passkey/name", fault.to_string()))?;
    let (id, credential) = app
        .passkeys()
        .finish_registration(app.store(), sent.ceremony_id, sent.credential, app.clock().now())
        .await?;
    Ok((id, Some(stored(id, &name, &credential, app.clock().now())?)))
}

/// A passkey as it is stored.
pub(crate) fn stored(
    administrator: AdministratorId,
    name: &PasskeyName,
    credential: &webauthn_rs::prelude::Passkey,
    now: claviger_domain::Timestamp,
) -> Result<passkeys::Passkey, Failure> {
    Ok(passkeys::Passkey {
        id: PasskeyId::from_uuid(ports::new_id()),
        administrator,
        credential_id: credential.cred_id().clone(),
        name: name.as_str().to_owned(),
        credential: serde_json::to_string(credential).map_err(Failure::internal)?,
        created_at: now,
        last_used_at: None,
        revision: 1,
    })
}

async fn home_of(visitor: &Visitor, id: AdministratorId) -> Result<TenantId, Failure> {
    let grants = visitor
        .app
        .store()
        .read(async move |reader| Ok::<_, Failure>(grants::usable(reader, id).await?));
    grants.await?.first().map(|grant| grant.tenant).ok_or_else(dead_link)
}

async fn first(tx: &mut Tx, person: &Person, proof: &Proof) -> Result<Administrator, Failure> {
    if administrators::any(tx).await? {
        return Err(dead_link());
    }
    let (tenant, now) = (tx.tenant(), tx.now());
    let name = person.tenant.as_ref().ok_or_else(dead_link)?.as_str().to_owned();
    let world = Tenant {
        id: tenant,
        name: name.clone(),
        suspended_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    tenants::insert(tx, &world).await?;
    let who = Administrator {
        id: proof.id,
        email: person.email.as_str().to_owned(),
        display_name: person.name.as_str().to_owned(),
        locale: Some(person.locale.clone()),
        password_hash: proof.password_hash.clone(),
        disabled_at: None,
        last_sign_in_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    administrators::insert(tx, &who).await?;
    grants::insert(tx, tenant, who.id, BuiltInRole::Owner.as_str()).await?;
    settings::set(tx, TenantId::SYSTEM, "first_tenant", &tenant.to_string(), 0).await?;
    tx.record(entry("tenant.created", "tenant", tenant.as_uuid(), &name));
    tx.record(entry(
        "administrator.created",
        "administrator",
        who.id.as_uuid(),
        &who.email,
    ));
    Ok(who)
}

async fn invited(tx: &mut Tx, link: &SetupToken, person: &Person, proof: &Proof) -> Result<Administrator, Failure> {
    let tenant = tx.tenant();
    tenants::hold(tx, tenant).await?;
    if link::is_outgrown(tx, link, proof.id).await? {
        return Err(dead_link());
    }
    let who = administrators::get(tx, proof.id)
        .await?
        .filter(|who| who.disabled_at.is_none())
        .ok_or_else(dead_link)?;
    if !who.email.eq_ignore_ascii_case(person.email.as_str()) {
        return Err(Failure::invalid(
            "/email",
            "the invitation was made for another address",
        ));
    }
    let changed = Administrator {
        display_name: person.name.as_str().to_owned(),
        locale: Some(person.locale.clone()),
        password_hash: proof.password_hash.clone().or(who.password_hash.clone()),
        ..who
    };
    let who = administrators::save(tx, &changed).await?;
    tx.record(entry(
        "administrator.accepted",
        "administrator",
        who.id.as_uuid(),
        &who.email,
    ));
    Ok(who)
}

fn entry(action: &'static str, kind: &'static str, id: uuid::Uuid, label: &str) -> AuditEntry {
    AuditEntry {
        action,
        object_kind: kind,
        object_id: Some(id),
        object_label: Some(label.to_owned()),
        ..AuditEntry::default()
    }
}
