//! A trial letter, handed over while somebody waits for what the mail server says to it.

use claviger_domain::TenantId;

use super::{
    Addressee, Language,
    letter::{self, Mark},
    post::{NoPost, Post},
    revoked,
};
use crate::{App, Failure, actions::settings::MailServer, outbox::Outcome, ports::new_id};

/// What the mail server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tried {
    /// It took the letter, in these words.
    Taken(String),
    /// It did not; says why.
    Refused(String),
}

/// Hands a trial letter over.
pub(crate) async fn attempt(
    app: &App,
    tenant: (TenantId, &str),
    server: &MailServer,
    to: &Addressee,
    language: Language,
) -> Result<Tried, Failure> {
    let mark = Mark {
        id: new_id(),
        host: app.origin().host_str().unwrap_or("localhost"),
        at: app.clock().now(),
    };
    let letter = match letter::message(server, to, &revoked::trial(language, tenant.1), mark) {
        Ok(letter) => letter,
        Err(fault) => return Ok(Tried::Refused(fault)),
    };
    let post = match Post::open(app, tenant.0, server).await {
        Ok(post) => post,
        Err(NoPost::Unusable(why)) => return Ok(Tried::Refused(why)),
        Err(NoPost::Failed(failure)) => return Err(failure),
    };
    Ok(match post.hand_over(letter).await {
        Ok(words) => Tried::Taken(words),
        Err(Outcome::Done) => Tried::Taken(String::new()),
        Err(Outcome::Refused(why) | Outcome::Later(why) | Outcome::Down(why) | Outcome::Nobody(why)) => {
            Tried::Refused(why)
        }
    })
}
