//! What befell a key: its own audit events, those of the import that brought it, those of bulk jobs it took part in.

use claviger_domain::SecurityKeyId;
use claviger_store::{
    audit::Page,
    security_keys::{self, Filter, Holders},
};
use uuid::Uuid;

use super::permitted;
use crate::{
    Failure,
    actions::history::{self, Event, History},
    auth::Caller,
    rest::guard::InventoryRead,
};

/// A page of what befell a key; also of one that is gone, whose tombstone is its last event.
///
/// # Errors
/// [`Failure::NotFound`] when nothing of it is known.
pub async fn history(
    caller: &Caller<InventoryRead>,
    id: SecurityKeyId,
    page: Page,
    limit: u32,
) -> Result<History, Failure> {
    let tenant = caller.tenant();
    let holders = permitted(caller, Filter::default())?.holders;
    caller
        .read(async move |reader| {
            let mut objects: Vec<Uuid> = vec![id.as_uuid()];
            let key = security_keys::get(reader, tenant, id).await?;
            objects.extend(
                key.as_ref()
                    .and_then(claviger_domain::security_key::SecurityKey::batch)
                    .map(|batch| batch.as_uuid()),
            );
            objects.extend(
                security_keys::jobs_of(reader, tenant, id)
                    .await?
                    .iter()
                    .map(|(job, _)| job.as_uuid()),
            );
            let mut history = history::of(reader, tenant, &objects, page, limit).await?;
            if history.events.is_empty() && key.is_none() && page == Page::First {
                return Err(Failure::NotFound);
            }
            if holders == Holders::Hidden {
                let events = history.events.iter_mut();
                events.for_each(Event::hide_holders);
            }
            Ok(history)
        })
        .await
}
