//! On whose behalf a job writes: kept with the job, so that the audit log names the person and not the machine.

use claviger_domain::{TenantId, Timestamp};
use claviger_store::{Actor, Scope};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{auth::Caller, ports::new_id, rest::Guard};

/// Who sent the job on its way, from where, by which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Errand {
    pub(crate) actor: Actor,
    pub(crate) source: Option<String>,
    pub(crate) request_id: Option<String>,
}

impl Errand {
    /// The errand of this caller.
    pub(crate) fn of<P: Guard>(caller: &Caller<P>) -> Self {
        let Scope {
            actor,
            source,
            request_id,
            ..
        } = caller.scope(new_id());
        Self {
            actor,
            source,
            request_id,
        }
    }

    /// A scope to write in.
    pub(crate) fn scope(&self, tenant: TenantId, lane_key: u128, now: Timestamp) -> Scope {
        let Self {
            actor,
            source,
            request_id,
        } = self.clone();
        Scope {
            tenant,
            actor,
            source,
            request_id,
            lane_key,
            now,
        }
    }

    /// As a job keeps it.
    pub(crate) fn write(&self) -> Json {
        json!({
            "actor": self.actor.kind(),
            "id": self.actor.id(),
            "label": self.actor.label(),
            "source": self.source,
            "request_id": self.request_id,
        })
    }

    /// From what a job kept; the server itself when that cannot be read.
    pub(crate) fn read(json: &Json) -> Self {
        let text = |name: &str| json.get(name).and_then(Json::as_str).map(str::to_owned);
        let id: Option<Uuid> = text("id").and_then(|id| id.parse().ok());
        let label = text("label").unwrap_or_else(|| "jobs".to_owned());
        let actor = match (text("actor").as_deref(), id) {
            (Some("administrator"), Some(id)) => Actor::Administrator { id, label },
            (Some("api_token"), Some(id)) => Actor::ApiToken { id, label },
            _ => Actor::System(label),
        };
        Self {
            actor,
            source: text("source"),
            request_id: text("request_id"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errand_comes_back_as_it_was_kept() {
        let id = Uuid::from_u128(7);
        for actor in [
            Actor::Administrator {
                id,
                label: "a@b".to_owned(),
            },
            Actor::ApiToken {
                id,
                label: "robot".to_owned(),
            },
            Actor::System("demo".to_owned()),
        ] {
            let errand = Errand {
                actor,
                source: Some("::1".to_owned()),
                request_id: None,
            };
            assert_eq!(Errand::read(&errand.write()), errand);
        }
    }
}
