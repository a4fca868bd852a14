//! Administrators and their one-time links, made at the machine.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use claviger_domain::{AdministratorId, Timestamp, text::Email};
use claviger_store::{
    Tx,
    administrators::{self, Administrator},
    setup_tokens::{self, SetupToken},
};
use zeroize::Zeroizing;

use super::{LinkText, LocalError};
use crate::{auth::bearer, ports};

/// Purpose of a link that lets an administrator take up his account.
const INVITATION: &str = "invitation";
const LIFE_SECONDS: i64 = 24 * 60 * 60;

/// A link's text and the row that is kept of it.
pub(super) fn invitation(
    origin: &str,
    who: AdministratorId,
    now: Timestamp,
) -> Result<(LinkText, SetupToken), LocalError> {
    let secret = Zeroizing::new(ports::random::<32>()?);
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(secret.as_slice()));
    let row = SetupToken {
        id: ports::new_id(),
        token_hash: bearer::digest(&text),
        purpose: INVITATION.to_owned(),
        subject: Some(who.as_uuid()),
        details: None,
        created_at: now,
        expires_at: Timestamp::from_micros(now.as_micros().saturating_add(LIFE_SECONDS * 1_000_000)),
        used_at: None,
    };
    // Behind `#`, so that no proxy and no log sees it.
    Ok((Zeroizing::new(format!("{origin}setup#token={}", text.as_str())), row))
}

/// An administrator who has yet to take up his account.
pub(super) fn invited(email: &Email, now: Timestamp) -> Administrator {
    Administrator {
        id: AdministratorId::from_uuid(ports::new_id()),
        email: email.as_str().to_owned(),
        display_name: email.as_str().to_owned(),
        locale: None,
        password_hash: None,
        disabled_at: None,
        last_sign_in_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    }
}

/// Stores a new administrator and his link.
pub(super) async fn insert(tx: &mut Tx, who: &Administrator, link: Option<&SetupToken>) -> Result<(), LocalError> {
    administrators::insert(tx, who).await?;
    if let Some(link) = link {
        setup_tokens::insert(tx, link).await?;
    }
    Ok(())
}

/// Reads an address.
pub(super) fn email(text: &str) -> Result<Email, LocalError> {
    Email::new(text).map_err(|_| LocalError::Invalid(format!("{text:?} is not an e-mail address")))
}
