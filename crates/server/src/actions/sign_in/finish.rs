//! The browser comes back from the provider.

use claviger_domain::{TenantId, Timestamp};
use claviger_store::{Actor, Tx, audit::AuditEntry, ceremonies, sign_in_providers::Provider};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    arrive::{self, Coming},
    begin::{self, Errand, KIND, Purpose},
    document::Document,
};
use crate::{
    Failure,
    actions::session::Opening,
    auth::{
        Visitor, bearer,
        oidc::{Claims, Ticket},
    },
};

/// What the provider sent the browser back with.
#[derive(Debug, Clone)]
pub struct Returned {
    /// The provider's key in the address.
    pub key: String,
    /// What we gave it to repeat.
    pub state: String,
    /// The code to exchange; none when the provider refused.
    pub code: Option<String>,
}

/// A browser that has arrived: its cookie, if a session began, and the page it wanted.
pub struct Arrived {
    /// The new session's cookie.
    pub cookie: Option<Zeroizing<String>>,
    /// A path of the console.
    pub page: String,
}

/// Why a browser is turned away; the sign-in page has a text for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// The sign-in is not under way: too old, ended already, or begun in another browser.
    Expired,
    /// The provider refused, cannot be used, or its token does not hold.
    Refused,
    /// No group leads to a role.
    NoAccess,
    /// Nobody made this person an administrator.
    Unknown,
    /// An administrator with this address exists who is not known at the provider.
    AddressTaken,
    /// The administrator is barred from the tenant.
    Barred,
    /// Somebody else came back than the one whose session it is.
    SomebodyElse,
}

impl Turned {
    /// The word in the address of the sign-in page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "oidc_expired",
            Self::Refused => "oidc_refused",
            Self::NoAccess => "oidc_no_access",
            Self::Unknown => "oidc_unknown",
            Self::AddressTaken => "oidc_address_taken",
            Self::Barred => "oidc_barred",
            Self::SomebodyElse => "oidc_somebody_else",
        }
    }
}

/// Ends a sign-in. It is over whatever comes of it: what was begun is taken out first.
///
/// # Errors
/// What the store meets. Everything that the provider or the browser did wrong is `Err` inside.
pub(crate) async fn finish(
    visitor: &Visitor,
    returned: Returned,
    ticket: Option<Ticket>,
) -> Result<Result<Arrived, Turned>, Failure> {
    let Some(errand) = take(visitor, &returned.state).await? else {
        return Ok(Err(Turned::Expired));
    };
    let Some(ticket) = ticket.filter(|ticket| data_encoding::HEXLOWER.encode(&ticket.hash()) == errand.ticket) else {
        return Ok(Err(Turned::Expired));
    };
    let Ok((provider, document)) = begin::load(&visitor.app, returned.key).await else {
        return Ok(Err(Turned::Expired));
    };
    if provider.id != errand.provider || provider.tenant.as_uuid() != errand.tenant {
        return Ok(Err(Turned::Expired));
    }
    let since = (errand.purpose == Purpose::StepUp).then(|| Timestamp::from_micros(errand.begun_at));
    let claims = match claims(visitor, &provider, &document, &ticket, returned.code, since).await {
        Ok(claims) => claims,
        Err(reason) => {
            refused(visitor, provider.tenant, &reason).await?;
            return Ok(Err(Turned::Refused));
        }
    };
    let outcome = enter(visitor, &provider, &document, claims, &errand).await?;
    if let Err(turned) = &outcome {
        refused(visitor, provider.tenant, turned.as_str()).await?;
    }
    Ok(outcome)
}

async fn take(visitor: &Visitor, state: &str) -> Result<Option<Errand>, Failure> {
    let hash = bearer::digest(state);
    let lane = Uuid::from_slice(hash.get(..16).unwrap_or_default()).map_err(Failure::internal)?;
    let scope = visitor.scope(TenantId::SYSTEM, Actor::System("sign-in".to_owned()), lane);
    let job = async move |tx: &mut Tx| ceremonies::take(tx, KIND, hash).await.map_err(Failure::from);
    let taken = visitor.app.store().write(scope, job).await?;
    taken
        .map(|one| serde_json::from_str(&one.body).map_err(Failure::internal))
        .transpose()
}

async fn claims(
    visitor: &Visitor,
    provider: &Provider,
    document: &Document,
    ticket: &Ticket,
    code: Option<String>,
    since: Option<Timestamp>,
) -> Result<Claims, String> {
    let code = code.ok_or("the provider refused")?;
    let app = &visitor.app;
    let exchange = begin::connect(app, provider, document)
        .await
        .map_err(|distrust| distrust.to_string())?;
    exchange
        .claims(ticket, code, &document.groups_claim, app.clock().now(), since)
        .await
        .map_err(|distrust| distrust.to_string())
}

/// Lets in whom the claims name, in one commit with what that changes.
async fn enter(
    visitor: &Visitor,
    provider: &Provider,
    document: &Document,
    claims: Claims,
    errand: &Errand,
) -> Result<Result<Arrived, Turned>, Failure> {
    let opening = Opening::new(visitor, "oidc")?;
    let cookie = opening.cookie();
    let session = errand.session.as_ref().and_then(|hash| digits(hash));
    let coming = Coming {
        provider: provider.clone(),
        document: document.clone(),
        claims,
        opening,
        session,
    };
    let (purpose, page) = (errand.purpose, errand.return_to.clone());
    let tenant = provider.tenant;
    let scope = visitor.scope(tenant, Actor::System("sign-in".to_owned()), tenant.as_uuid());
    let job = async move |tx: &mut Tx| match purpose {
        Purpose::SignIn => arrive::sign_in(tx, &coming).await,
        Purpose::StepUp => arrive::step_up(tx, &coming).await,
        Purpose::Link => arrive::link(tx, &coming).await,
    };
    let outcome = visitor.app.store().write(scope, job).await?;
    visitor.app.identities().forget_all();
    Ok(outcome.map(|()| Arrived {
        cookie: (purpose == Purpose::SignIn).then_some(cookie),
        page,
    }))
}

fn digits(hexadecimal: &str) -> Option<[u8; 32]> {
    data_encoding::HEXLOWER
        .decode(hexadecimal.as_bytes())
        .ok()?
        .try_into()
        .ok()
}

/// A refused sign-in stands in the tenant's log with its reason.
async fn refused(visitor: &Visitor, tenant: TenantId, reason: &str) -> Result<(), Failure> {
    tracing::info!(reason, "sign-in at the identity provider refused");
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(300).collect();
    let scope = visitor.scope(tenant, Actor::System("sign-in".to_owned()), tenant.as_uuid());
    let job = async move |tx: &mut Tx| {
        tx.record(AuditEntry {
            action: "session.refused",
            object_kind: "administrator",
            after: Some(serde_json::json!({ "method": "oidc" })),
            reason: Some(reason.clone()),
            ..AuditEntry::default()
        });
        Ok::<(), Failure>(())
    };
    visitor.app.store().write(scope, job).await
}
