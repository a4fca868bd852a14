//! Tries a tenant's mail server with a letter, while the one who set it waits.

use claviger_api::{MailTest, MailTested};
use claviger_domain::text::Email;
use claviger_store::{Tx, audit::AuditEntry, tenants};
use serde_json::json;

use super::kept;
use crate::{
    Failure,
    auth::Caller,
    mail::{self, Addressee, Language, Tried},
    rest::guard::SettingsWrite,
};

/// Sends a trial letter; says what the mail server said.
///
/// # Errors
/// [`Failure::Validation`]; [`Failure::Refused`] without a mail server, or with what it said.
pub async fn try_mail(caller: &Caller<SettingsWrite>, order: MailTest) -> Result<MailTested, Failure> {
    let address = Email::new(&order.to).map_err(|fault| Failure::invalid("/to", fault.to_string()))?;
    let tenant = caller.tenant();
    let (settings, name) = caller
        .read(async move |reader| {
            let name = tenants::get(reader, tenant).await?.map(|tenant| tenant.name);
            Ok((kept::of(reader, tenant).await?, name.unwrap_or_default()))
        })
        .await?;
    let refused = |state: &str, why: &str| Failure::refused(state, "mail_test", why);
    let server = settings.mail.ok_or_else(|| refused("none", "No mail server is set."))?;
    let own = caller
        .signed_in()
        .map(|person| person.locale.clone())
        .unwrap_or_default();
    let to = Addressee {
        name: String::new(),
        address: address.as_str().to_owned(),
    };
    let language = Language::of([own.as_str(), settings.locale.as_str()]);
    let tried = mail::attempt(caller.app(), (tenant, &name), &server, &to, language).await?;
    let (delivered, detail) = match &tried {
        Tried::Taken(words) => (true, words.clone()),
        Tried::Refused(why) => (false, why.clone()),
    };
    note(caller, &server.host, &to.address, delivered, &detail).await?;
    match tried {
        Tried::Taken(detail) => Ok(MailTested {
            delivered: true,
            detail,
        }),
        Tried::Refused(why) => Err(refused("refused", &why)),
    }
}

async fn note(
    caller: &Caller<SettingsWrite>,
    host: &str,
    to: &str,
    delivered: bool,
    detail: &str,
) -> Result<(), Failure> {
    let after = json!({ "host": host, "to": to, "delivered": delivered, "detail": detail });
    let tenant = caller.tenant().as_uuid();
    let job = async move |tx: &mut Tx| {
        tx.record(AuditEntry {
            action: "settings.mail_tested",
            object_kind: "settings",
            object_id: Some(tenant),
            object_label: Some("settings".to_owned()),
            after: Some(after.clone()),
            ..AuditEntry::default()
        });
        Ok(())
    };
    caller.write_unkept(tenant, job).await
}
