//! A tenant's settings for its identity provider. Nobody leads a group to a role that may do more than his own, nor
//! changes the settings of a provider that leads to one: whoever chooses the provider chooses who comes in.

use std::collections::BTreeMap;

use claviger_api::{OidcDraft, OidcSettings, OidcTest, OidcTested};
use claviger_domain::{PrivilegeSet, Revision, TenantId, text::ProviderName};
use claviger_store::{
    Reader, Tx,
    sign_in_providers::{self, Provider},
    tenants,
};
use serde_json::{Value, json};

use super::{document::Document, secret};
use crate::{
    App, Failure,
    actions::{
        entries::{Object, changed},
        fields::Fields,
    },
    auth::{
        Caller,
        oidc::{self, Exchange, is_allowed},
        roles,
    },
    ports,
    rest::guard::{SettingsRead, SettingsWrite},
};

const MOST_GROUPS: usize = 500;

/// The settings.
///
/// # Errors
/// [`Failure::NotFound`] when no provider is set up.
pub async fn show(caller: &Caller<SettingsRead>) -> Result<OidcSettings, Failure> {
    let (tenant, app) = (caller.tenant(), caller.app().clone());
    caller
        .read(async move |reader| {
            let provider = sign_in_providers::get(reader, tenant).await?.ok_or(Failure::NotFound)?;
            view(reader, &app, &provider).await
        })
        .await
}

/// Sets the provider up, or changes its settings.
///
/// # Errors
/// [`Failure::Validation`], [`Failure::Stale`]; [`Failure::Forbidden`] for roles above the caller, before or after;
/// [`Failure::Sealed`] when a secret is sent and cannot be sealed.
pub async fn keep(caller: &Caller<SettingsWrite>, draft: OidcDraft) -> Result<OidcSettings, Failure> {
    let client_secret = draft.client_secret.clone().filter(|text| !text.is_empty());
    let document = read(draft)?;
    let (app, privileges, expected) = (caller.app().clone(), caller.identity().privileges, caller.expected());
    let proven = caller.proven_lately();
    let (id, key) = (ports::new_id(), data_encoding::HEXLOWER.encode(&ports::random::<12>()?));
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let before = sign_in_providers::get(tx, tenant).await?;
        expected.check(Revision::new(before.as_ref().map_or(0, |before| before.revision)))?;
        let said = below(tx, before.as_ref(), privileges).await?;
        let document = with_roles(tx, tenant, privileges, &document).await?;
        for role in document.roles() {
            proven.to_hand_out(roles::privileges(tx, tenant, role).await?)?;
        }
        if client_secret.is_none() {
            stays(tx, before.as_ref(), &document).await?;
        }
        match &before {
            None => sign_in_providers::insert(tx, id, &key, &document.written()?).await?,
            Some(before) => sign_in_providers::save(tx, before, &document.written()?).await?,
        }
        let after = sign_in_providers::get(tx, tenant).await?.ok_or(Failure::NotFound)?;
        if let Some(text) = &client_secret {
            secret::keep(tx, app.keyring(), after.id, text).await?;
        }
        changed(
            tx,
            "sign_in.oidc_changed",
            &object(&after),
            said,
            told(&after, client_secret.is_some()),
        );
        view(tx, &app, &after).await
    };
    caller.write(job).await
}

/// Takes the provider away: from then on people sign in by means of their own alone.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Forbidden`] when it leads to roles above the caller.
pub async fn forget(caller: &Caller<SettingsWrite>) -> Result<(), Failure> {
    let (privileges, expected) = (caller.identity().privileges, caller.expected());
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let before = sign_in_providers::get(tx, tenant).await?.ok_or(Failure::NotFound)?;
        expected.check(Revision::new(before.revision))?;
        let said = below(tx, Some(&before), privileges).await?;
        secret::forget(tx, before.id).await?;
        sign_in_providers::delete(tx, &before).await?;
        changed(tx, "sign_in.oidc_removed", &object(&before), said, None);
        Ok(())
    };
    caller.write(job).await
}

/// Reads a provider's description, and says what is wrong with it.
///
/// # Errors
/// [`Failure::NotFound`] when none is set up and none is named.
pub async fn test(caller: &Caller<SettingsWrite>, order: OidcTest) -> Result<OidcTested, Failure> {
    let issuer = if let Some(issuer) = order.issuer {
        checked_issuer(&issuer).map_err(|fault| Failure::invalid("/issuer", fault))?
    } else {
        let tenant = caller.tenant();
        let provider = caller
            .read(async move |reader| Ok(sign_in_providers::get(reader, tenant).await?))
            .await?;
        Document::parse(&provider.ok_or(Failure::NotFound)?.document)?.issuer
    };
    let provider = oidc::Provider {
        issuer,
        client_id: "claviger".to_owned(),
        client_secret: None,
        redirect_uri: redirect_uri(caller.app(), "test"),
    };
    Ok(match Exchange::discover(caller.app().outbound(), provider).await {
        Ok(found) => OidcTested {
            ok: true,
            problem: None,
            authorization_endpoint: Some(found.sign_in_page()),
        },
        Err(distrust) => OidcTested {
            ok: false,
            problem: Some(distrust.to_string()),
            authorization_endpoint: None,
        },
    })
}

/// The address that a provider sends browsers back to.
pub(super) fn redirect_uri(app: &App, key: &str) -> String {
    format!("{}api/v1/session/oidc/{key}/callback", app.origin())
}

/// A secret goes only where the one who sets it says: not to an issuer that somebody else names later.
async fn stays(tx: &mut Tx, before: Option<&Provider>, after: &Document) -> Result<(), Failure> {
    let Some(before) = before else { return Ok(()) };
    let moved = Document::parse(&before.document)?.issuer != after.issuer;
    if moved && secret::is_kept(tx, before.tenant, before.id).await? {
        let detail = "send the secret again: it is kept for the issuer that stood here";
        return Err(Failure::invalid("/client_secret", detail));
    }
    Ok(())
}

/// What the log says of the settings before, when the caller may touch them.
async fn below(tx: &mut Tx, before: Option<&Provider>, privileges: PrivilegeSet) -> Result<Option<Value>, Failure> {
    let Some(before) = before else { return Ok(None) };
    for role in Document::parse(&before.document)?.roles() {
        if !privileges.covers(roles::privileges(tx, before.tenant, role).await?) {
            return Err(Failure::Forbidden(
                "This provider leads to roles that may do more than yours.",
            ));
        }
    }
    Ok(told(before, false))
}

/// The settings with the roles' own spelling; each of them the caller may hand out.
async fn with_roles(
    tx: &mut Tx,
    tenant: TenantId,
    privileges: PrivilegeSet,
    document: &Document,
) -> Result<Document, Failure> {
    let mut group_roles = BTreeMap::new();
    for (group, role) in &document.group_roles {
        let pointer = format!("/group_roles/{}", group.replace('~', "~0").replace('/', "~1"));
        let role = roles::to_hand_to_a_person(tx, tenant, privileges, &pointer, role).await?;
        group_roles.insert(group.clone(), role.name().to_owned());
    }
    let default_role = match &document.default_role {
        Some(role) => {
            let role = roles::to_hand_to_a_person(tx, tenant, privileges, "/default_role", role).await?;
            Some(role.name().to_owned())
        }
        None => None,
    };
    Ok(Document {
        group_roles,
        default_role,
        ..document.clone()
    })
}

fn read(draft: OidcDraft) -> Result<Document, Failure> {
    let mut fields = Fields::default();
    let issuer = fields.read("/issuer", checked_issuer(&draft.issuer));
    let label = fields.read("/button_label", ProviderName::new(&draft.button_label));
    if draft.client_id.trim().is_empty() || draft.client_id.len() > 500 {
        fields.fault("/client_id", "1 to 500 characters are wanted");
    }
    if draft.client_secret.as_ref().is_some_and(|text| text.len() > 2_000) {
        fields.fault("/client_secret", "at most 2,000 characters are kept");
    }
    if draft.groups_claim.trim().is_empty() || draft.groups_claim.len() > 200 {
        fields.fault("/groups_claim", "1 to 200 characters are wanted");
    }
    let plain = |text: &String| !text.is_empty() && text.len() <= 200 && text.chars().all(|c| c.is_ascii_graphic());
    if draft.scopes.len() > 30 || !draft.scopes.iter().all(plain) {
        fields.fault("/scopes", "at most 30 words without blanks are wanted");
    }
    if draft.group_roles.len() > MOST_GROUPS || draft.group_roles.keys().any(|group| group.len() > 500) {
        fields.fault(
            "/group_roles",
            "at most 500 groups are kept, each at most 500 characters",
        );
    }
    let (issuer, label) = fields.all(issuer.zip(label))?;
    Ok(Document {
        issuer,
        client_id: draft.client_id.trim().to_owned(),
        scopes: draft.scopes,
        groups_claim: draft.groups_claim.trim().to_owned(),
        group_roles: draft.group_roles,
        default_role: draft.default_role,
        create_administrators: draft.create_administrators,
        button_label: label.as_str().to_owned(),
        listed: draft.listed,
    })
}

/// An issuer identifier (Discovery §2): no query and no fragment; kept to the letter, since tokens repeat it so.
fn checked_issuer(given: &str) -> Result<String, &'static str> {
    let url = url::Url::parse(given.trim()).map_err(|_| "an address such as https://id.example.org is wanted")?;
    if !is_allowed(&url) {
        return Err("the issuer is https://…, or http:// on this very machine");
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || given.len() > 500 {
        return Err("an issuer has no query, no fragment and no name, and at most 500 characters");
    }
    Ok(given.trim().to_owned())
}

async fn view(reader: &mut Reader, app: &App, provider: &Provider) -> Result<OidcSettings, Failure> {
    let document = Document::parse(&provider.document)?;
    Ok(OidcSettings {
        revision: provider.revision,
        key: provider.public_key.clone(),
        redirect_uri: redirect_uri(app, &provider.public_key),
        issuer: document.issuer,
        client_id: document.client_id,
        client_secret_set: secret::is_kept(reader, provider.tenant, provider.id).await?,
        scopes: document.scopes,
        groups_claim: document.groups_claim,
        group_roles: document.group_roles,
        default_role: document.default_role,
        create_administrators: document.create_administrators,
        button_label: document.button_label,
        listed: document.listed,
    })
}

fn object(provider: &Provider) -> Object<'_> {
    Object {
        kind: "settings",
        id: provider.id,
        label: "sign-in by OpenID Connect",
        revision: provider.revision,
    }
}

fn told(provider: &Provider, secret_changed: bool) -> Option<Value> {
    let mut document: Value = serde_json::from_str(&provider.document).ok()?;
    if secret_changed && let Some(fields) = document.as_object_mut() {
        fields.insert("client_secret".to_owned(), json!("changed"));
    }
    Some(document)
}
