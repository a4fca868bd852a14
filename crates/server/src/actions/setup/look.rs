//! Tells the holder of a one-time link what it is for, before he fills in a form.

use claviger_api::{SetupLink, SetupLinkQuestion, Time};
use claviger_domain::AdministratorId;
use claviger_store::{administrators, setup_tokens};

use super::{complete::dead_link, link::FIRST_RUN};
use crate::{
    Failure,
    auth::{Visitor, bearer, limiter::Target},
};

/// What the link is for; nothing is used up.
///
/// # Errors
/// [`Failure::Validation`] at `/setup_token` for a link that does not work.
pub async fn look(visitor: &Visitor, question: SetupLinkQuestion) -> Result<SetupLink, Failure> {
    let app = &visitor.app;
    visitor.guess(Target::OneTime).await?;
    let (hash, now) = (bearer::digest(&question.setup_token), app.clock().now());
    let read = async move |reader: &mut claviger_store::Reader| {
        let Some(link) = setup_tokens::by_hash(reader, &hash, now).await? else {
            return Ok::<_, Failure>(None);
        };
        let person = match link.subject {
            Some(subject) => administrators::get(reader, AdministratorId::from_uuid(subject)).await?,
            None if administrators::any(reader).await? => return Ok(None),
            None => None,
        };
        Ok(Some((link, person)))
    };
    let (link, person) = app.store().read(read).await?.ok_or_else(dead_link)?;
    visitor.was_right(Target::OneTime).await?;
    let (email, display_name) = person.map(|person| (person.email, person.display_name)).unzip();
    Ok(SetupLink {
        first_run: link.purpose == FIRST_RUN,
        email,
        display_name,
        expires_at: Time::from_micros(link.expires_at.as_micros()),
    })
}
