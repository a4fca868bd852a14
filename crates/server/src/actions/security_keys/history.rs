//! What befell a key: its own audit events, those of the import that brought it, those of bulk jobs it took part in.

use claviger_domain::SecurityKeyId;
use claviger_store::{
    audit::{self, AuditEvent, Page},
    security_keys::{self, Filter, Holders},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::permitted;

use crate::{Failure, auth::Caller, rest::guard::InventoryRead};

/// Something that befell a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event(pub AuditEvent);

/// A page of what befell a key, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The events.
    pub events: Vec<Event>,
    /// Whether there are older ones.
    pub older: bool,
    /// Whether there are newer ones.
    pub newer: bool,
}

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
            let wanted = i64::from(limit).saturating_add(1);
            let mut events = audit::for_object(reader, tenant, &objects, page, wanted).await?;
            if events.is_empty() && key.is_none() && page == Page::First {
                return Err(Failure::NotFound);
            }
            let more = events.len() > usize::try_from(limit).unwrap_or(usize::MAX);
            if more {
                // The one too many is the farthest from where the page began.
                let place = if matches!(page, Page::Before(_)) {
                    0
                } else {
                    events.len().saturating_sub(1)
                };
                events.remove(place);
            }
            let (older, newer) = match page {
                Page::First => (more, false),
                Page::After(_) => (more, true),
                Page::Before(_) => (true, more),
            };
            if holders == Holders::Hidden {
                events.iter_mut().for_each(hide_holders);
            }
            Ok(History {
                events: events.into_iter().map(Event).collect(),
                older,
                newer,
            })
        })
        .await
}

/// Takes out who holds or held a key, for those who may not know.
fn hide_holders(event: &mut AuditEvent) {
    for text in [&mut event.before, &mut event.after] {
        let Some(mut told) = text.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok()) else {
            continue;
        };
        for place in ["/user", "/order/arguments/user_id"] {
            if let Some(holder) = told.pointer_mut(place) {
                *holder = Json::Null;
            }
        }
        *text = Some(told.to_string());
    }
}
