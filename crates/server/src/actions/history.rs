//! What befell an object: the audit events of it and of what took part in it, page by page.

use claviger_domain::TenantId;
use claviger_store::{
    Reader,
    audit::{self, AuditEvent, Page},
};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::Failure;

/// Something that befell an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event(pub AuditEvent);

impl Event {
    /// Takes out who has or had the object, for those who may not know.
    pub(crate) fn hide_holders(&mut self) {
        for text in [&mut self.0.before, &mut self.0.after] {
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
}

/// A page of what befell an object, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The events.
    pub events: Vec<Event>,
    /// Whether there are older ones.
    pub older: bool,
    /// Whether there are newer ones.
    pub newer: bool,
}

/// A page of the events of these objects.
pub(crate) async fn of(
    reader: &mut Reader,
    tenant: TenantId,
    objects: &[Uuid],
    page: Page,
    limit: u32,
) -> Result<History, Failure> {
    let wanted = i64::from(limit).saturating_add(1);
    let mut events = audit::for_object(reader, tenant, objects, page, wanted).await?;
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
    Ok(History {
        events: events.into_iter().map(Event).collect(),
        older,
        newer,
    })
}
