//! Delivers what the outbox holds for people. Address, language and mail server are those of the moment of the try, so
//! that what an operator puts right helps a letter that waits.

use claviger_domain::{SecurityKeyId, TenantId, Timestamp, UserId, security_key::RevocationReason, text::Locale};
use claviger_store::{Reader, outbox::Message, security_keys, tenants, users};
use serde_json::Value as Json;

use super::{
    Addressee, Language,
    letter::{self, Mark},
    post::{NoPost, Post},
    revoked::{self, Revoked},
};
use crate::{App, Failure, actions::settings, actions::settings::MailServer, outbox::Outcome};

/// What a letter is made of.
struct Facts {
    server: Option<MailServer>,
    to: Option<Addressee>,
    language: Language,
    said: Revoked,
}

/// Delivers the letter about a revocation.
pub(crate) async fn deliver(app: &App, message: &Message) -> Result<Outcome, Failure> {
    let (tenant, asked) = (message.tenant, message.clone());
    let facts = app
        .store()
        .read(async move |reader| facts(reader, tenant, &asked).await)
        .await?;
    let Some(facts) = facts else {
        return Ok(Outcome::Refused("The key or its user is gone.".to_owned()));
    };
    let Some(server) = facts.server else {
        return Ok(Outcome::Down("No mail server is set.".to_owned()));
    };
    let Some(to) = facts.to else {
        return Ok(Outcome::Refused("The user has no e-mail address.".to_owned()));
    };
    let mark = Mark {
        id: message.id,
        host: app.origin().host_str().unwrap_or("localhost"),
        at: app.clock().now(),
    };
    let words = revoked::revoked(facts.language, &facts.said);
    let letter = match letter::message(&server, &to, &words, mark) {
        Ok(letter) => letter,
        Err(fault) => return Ok(Outcome::Refused(fault)),
    };
    let post = match Post::open(app, tenant, &server).await {
        Ok(post) => post,
        Err(NoPost::Unusable(why)) => return Ok(Outcome::Down(why)),
        Err(NoPost::Failed(failure)) => return Err(failure),
    };
    Ok(post
        .hand_over(letter)
        .await
        .map_or_else(|outcome| outcome, |_| Outcome::Done))
}

async fn facts(reader: &mut Reader, tenant: TenantId, message: &Message) -> Result<Option<Facts>, Failure> {
    let payload: Json = serde_json::from_str(&message.payload).map_err(Failure::internal)?;
    let text = |name: &str| payload.get(name).and_then(Json::as_str);
    let user: Option<UserId> = text("user").and_then(|id| id.parse().ok());
    let (Some(user), Some(subject)) = (user, message.subject) else {
        return Ok(None);
    };
    let key = security_keys::get(reader, tenant, SecurityKeyId::from_uuid(subject)).await?;
    let user = users::get(reader, tenant, user).await?;
    let (Some(key), Some(user)) = (key, user) else {
        return Ok(None);
    };
    let settings = settings::of(reader, tenant).await?;
    let tenant = tenants::get(reader, tenant).await?;
    let name = user.display_name().as_str().to_owned();
    Ok(Some(Facts {
        language: Language::of([user.locale().map_or("", Locale::as_str), &settings.locale]),
        server: settings.mail,
        to: user.email().map(|address| Addressee {
            name: name.clone(),
            address: address.as_str().to_owned(),
        }),
        said: Revoked {
            name,
            device: key.device_name().as_str().to_owned(),
            serial: key.serial_number().given().to_owned(),
            reason: text("reason").and_then(RevocationReason::parse),
            when: minutes(payload.get("at").and_then(Json::as_i64).map(Timestamp::from_micros)),
            tenant: tenant.map(|tenant| tenant.name).unwrap_or_default(),
        },
    }))
}

/// `2026-11-22 07:03`.
fn minutes(at: Option<Timestamp>) -> String {
    let written = at.map(|at| claviger_api::Time::from_micros(at.as_micros()).to_string());
    let written = written.unwrap_or_default();
    written.get(..16).unwrap_or(&written).replace('T', " ")
}
