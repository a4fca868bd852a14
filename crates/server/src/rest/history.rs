//! Histories of objects on the wire: which page, and what an event says.

use claviger_api as wire;
use claviger_store::audit::Page;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{reply::Reply, time::time, wanted::limit};
use crate::{
    Failure,
    actions::history::{Event, History},
};

/// Which page of a history.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryPage {
    /// Most events of a page, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// `next_cursor` or `previous_cursor` of another page.
    cursor: Option<String>,
}

impl HistoryPage {
    pub(super) fn limit(&self) -> Result<u32, Failure> {
        limit(self.limit)
    }

    pub(super) fn page(&self) -> Result<Page, Failure> {
        let Some(cursor) = self.cursor.as_deref() else {
            return Ok(Page::First);
        };
        let read = |cursor: &str| -> Option<Page> {
            let (way, id) = cursor.split_once('.')?;
            let id = id.parse().ok()?;
            match way {
                "a" => Some(Page::After(id)),
                "b" => Some(Page::Before(id)),
                _ => None,
            }
        };
        read(cursor).ok_or_else(|| Failure::invalid("?cursor", "send a cursor of an earlier answer, as it was"))
    }
}

impl Reply for History {
    type Body = wire::Page<wire::SecurityKeyEvent>;

    fn body(&self) -> Option<Self::Body> {
        let cursor = |way: &str, event: Option<&Event>| event.map(|event| format!("{way}.{}", event.0.id));
        Some(wire::Page {
            items: self.events.iter().map(event).collect(),
            next_cursor: self.older.then(|| cursor("a", self.events.last())).flatten(),
            previous_cursor: self.newer.then(|| cursor("b", self.events.first())).flatten(),
            total: wire::Total {
                count: u64::try_from(self.events.len()).unwrap_or(u64::MAX),
                capped: self.older || self.newer,
            },
        })
    }
}

fn event(Event(event): &Event) -> wire::SecurityKeyEvent {
    let json = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str(text).ok());
    wire::SecurityKeyEvent {
        id: event.id,
        at: time(event.at),
        action: event.action.clone(),
        actor: wire::AuditActor {
            kind: event.actor_kind.clone(),
            id: event.actor_id,
            label: event.actor_label.clone(),
        },
        object: wire::AuditObject {
            kind: event.object_kind.clone(),
            id: event.object_id,
            label: event.object_label.clone().unwrap_or_default(),
        },
        before: json(&event.before),
        after: json(&event.after),
        reason: event.reason.clone(),
        ticket: event.ticket.clone(),
    }
}
