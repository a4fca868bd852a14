//! One's own name and language.

use claviger_api::{AccountChange, SessionAdministrator};
use claviger_domain::{Revision, text::DisplayName};
use claviger_store::{
    Tx,
    administrators::{self, Administrator},
};
use serde_json::json;

use crate::{
    Failure,
    actions::{
        entries::{Object, changed},
        fields::{self, Fields},
    },
    auth::Caller,
    rest::guard::SignedIn,
};

/// Changes the caller's own name and language.
///
/// # Errors
/// [`Failure::Validation`]; [`Failure::Forbidden`] for an API token.
pub async fn update(caller: &Caller<SignedIn>, change: AccountChange) -> Result<SessionAdministrator, Failure> {
    let id = caller.signed_in()?.id;
    let mut fields = Fields::default();
    let name = change
        .display_name
        .as_deref()
        .and_then(|given| fields.read("/display_name", DisplayName::new(given)));
    let locale = change
        .locale
        .as_deref()
        .and_then(|given| fields.read("/locale", fields::locale(given)));
    fields.all(Some(()))?;
    let expected = caller.expected();
    let job = async move |tx: &mut Tx| {
        let before = administrators::get(tx, id).await?.ok_or(Failure::NotFound)?;
        expected.check(Revision::new(before.revision))?;
        let display_name = name
            .as_ref()
            .map_or_else(|| before.display_name.clone(), |name| name.as_str().to_owned());
        let locale = locale.clone().or_else(|| before.locale.clone());
        let after = administrators::save(
            tx,
            &Administrator {
                display_name,
                locale,
                ..before.clone()
            },
        )
        .await?;
        let object = Object {
            kind: "administrator",
            id: id.as_uuid(),
            label: &after.email,
            revision: after.revision,
        };
        changed(
            tx,
            "administrator.changed",
            &object,
            Some(said(&before)),
            Some(said(&after)),
        );
        Ok(SessionAdministrator {
            id: id.as_uuid(),
            email: after.email,
            display_name: after.display_name,
            locale: after.locale.unwrap_or_else(|| "en".to_owned()),
        })
    };
    let after = caller.write_on(id.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(after)
}

fn said(who: &Administrator) -> serde_json::Value {
    json!({ "display_name": who.display_name, "locale": who.locale })
}
