//! Signs out.

use claviger_store::{audit::AuditEntry, sessions};

use crate::{Failure, auth::Caller, rest::guard::SignedIn};

/// Ends the caller's session; the cookie opens nothing from then on.
///
/// # Errors
/// [`Failure::Forbidden`] for an API token.
pub async fn end(caller: &Caller<SignedIn>) -> Result<(), Failure> {
    let (who, session, email) = {
        let signed_in = caller.signed_in()?;
        (signed_in.id, signed_in.session, signed_in.email.clone())
    };
    let job = async move |tx: &mut claviger_store::Tx| {
        sessions::delete(tx, who, session).await?;
        tx.record(AuditEntry {
            action: "session.closed",
            object_kind: "administrator",
            object_id: Some(who.as_uuid()),
            object_label: Some(email.clone()),
            ..AuditEntry::default()
        });
        Ok(())
    };
    caller.write_unkept(who.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}
