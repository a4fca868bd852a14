//! A credential was registered with a key and confirmed: CONFIGURED becomes ENROLLED.

use claviger_domain::{
    SecurityKeyId,
    security_key::{Command, ServiceStatus},
    text::ProviderName,
    user::UserStatus,
};
use claviger_store::{Tx, users};
use serde_json::json;

use super::{
    Shown,
    obey::{self, Said},
    order::past_tense,
    show,
};
use crate::{Failure, auth::Caller, rest::guard::KeyEnroll};

/// What this server's own relying party is called, where no identity provider is named.
const OWN: &str = "Claviger";

/// Notes a credential at an identity provider, or at this server's own relying party.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] with the domain's reason.
pub async fn enroll(
    caller: &Caller<KeyEnroll>,
    id: SecurityKeyId,
    provider: Option<ProviderName>,
) -> Result<Shown, Failure> {
    let (expected, privileges) = (caller.expected(), caller.identity().privileges);
    let provider = provider.map_or_else(|| ProviderName::new(OWN).map_err(Failure::internal), Ok)?;
    let job = async move |tx: &mut Tx| {
        let before = obey::load(tx, id, expected).await?;
        let tenant = tx.tenant();
        let status = match before.holder() {
            Some(holder) => users::get(tx, tenant, holder.user).await?.map(|user| user.status()),
            None => None,
        };
        let command = Command::Enroll {
            provider: provider.clone(),
            service: ServiceStatus::Active,
            status: status.unwrap_or(UserStatus::Disabled),
        };
        let after = before.apply(&command, tx.now())?;
        let said = Said::new(past_tense(command.verb())).with(json!({ "identity_provider": provider.as_str() }));
        obey::keep_changed(tx, &before, &after, said).await?;
        show::shown(tx, after, privileges).await
    };
    caller.write_on(id.as_uuid(), job).await
}
