//! Begins the passkey registration of somebody who holds a one-time link.

use claviger_api::{Ceremony, SetupPasskey};
use claviger_domain::{
    AdministratorId,
    text::{DisplayName, Email},
};
use claviger_store::setup_tokens;

use crate::{
    Failure,
    actions::fields::Fields,
    auth::{Visitor, bearer, limiter::Target},
    ports,
};

/// Begins the passkey registration of somebody who holds a one-time link.
///
/// # Errors
/// [`Failure::Validation`] at `/setup_token` for a link that does not work.
pub async fn begin_passkey(visitor: &Visitor, order: SetupPasskey) -> Result<Ceremony, Failure> {
    let app = &visitor.app;
    visitor.guess(Target::OneTime).await?;
    let mut fields = Fields::default();
    let email = fields.read("/email", Email::new(&order.email));
    let name = fields.read("/display_name", DisplayName::new(&order.display_name));
    let (email, name) = fields.all(email.zip(name))?;
    let (hash, now) = (bearer::digest(&order.setup_token), app.clock().now());
    let link = app
        .store()
        .read(async move |reader| Ok::<_, Failure>(setup_tokens::by_hash(reader, &hash, now).await?))
        .await?;
    let link = link.ok_or_else(super::complete::dead_link)?;
    visitor.was_right(Target::OneTime).await?;
    let id = AdministratorId::from_uuid(link.subject.unwrap_or_else(ports::new_id));
    app.passkeys()
        .begin_registration(app.store(), id, email.as_str(), name.as_str(), &[], now)
        .await
}
