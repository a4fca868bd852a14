//! What befell a token: its own audit events, those of the import that brought it, those of bulk jobs it took part in.

use claviger_domain::{OtpTokenId, Privilege};
use claviger_store::{audit::Page, otp_tokens};
use uuid::Uuid;

use crate::{
    Failure,
    actions::history::{self, Event, History},
    auth::Caller,
    rest::guard::OtpRead,
};

/// A page of what befell a token.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn history(caller: &Caller<OtpRead>, id: OtpTokenId, page: Page, limit: u32) -> Result<History, Failure> {
    let (tenant, users) = (caller.tenant(), caller.identity().may(Privilege::UserRead));
    caller
        .read(async move |reader| {
            let kept = otp_tokens::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            let mut objects: Vec<Uuid> = vec![id.as_uuid()];
            objects.extend(kept.token.batch().map(|batch| batch.as_uuid()));
            let jobs = otp_tokens::jobs_of(reader, tenant, id).await?;
            objects.extend(jobs.iter().map(|(job, _)| job.as_uuid()));
            let mut history = history::of(reader, tenant, &objects, page, limit).await?;
            if !users {
                let events = history.events.iter_mut();
                events.for_each(Event::hide_holders);
            }
            Ok(history)
        })
        .await
}
