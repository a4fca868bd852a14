//! Which keys a bulk action is for: some by id, or all that matched a filter when their number was confirmed.

use claviger_domain::{
    BatchId, PolicyId, SecurityKeyId, UserId,
    security_key::{Mode, Status, Tab},
};
use claviger_store::security_keys::{Filter, Policies};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Which keys are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These.
    Ids(Vec<SecurityKeyId>),
    /// All that match; so many were seen.
    Filter {
        /// What they match.
        filter: Box<Filter>,
        /// How many; a dry run may not know.
        expected: Option<u64>,
    },
}

/// A selection as a job keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// These, in rising order.
    Ids(Vec<SecurityKeyId>),
    /// All that match and have not changed since.
    Filter(Box<Filter>),
}

impl Selection {
    /// As a job keeps it.
    pub(super) fn chosen(self) -> Chosen {
        match self {
            Self::Ids(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                Chosen::Ids(ids)
            }
            Self::Filter { filter, .. } => Chosen::Filter(filter),
        }
    }
}

impl Chosen {
    /// As JSON.
    pub(super) fn write(&self) -> Json {
        match self {
            Self::Ids(ids) => {
                let bytes: Vec<u8> = ids.iter().flat_map(|id| id.as_uuid().into_bytes()).collect();
                json!({ "ids": BASE64URL_NOPAD.encode(&bytes) })
            }
            Self::Filter(filter) => json!({ "filter": write_filter(filter) }),
        }
    }

    /// From JSON; `None` when it is not what [`Self::write`] wrote.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        if let Some(ids) = json.get("ids") {
            let bytes = BASE64URL_NOPAD.decode(ids.as_str()?.as_bytes()).ok()?;
            let id = |bytes: &[u8]| Uuid::from_slice(bytes).ok().map(SecurityKeyId::from_uuid);
            return bytes.chunks(16).map(id).collect::<Option<_>>().map(Self::Ids);
        }
        read_filter(json.get("filter")?).map(|filter| Self::Filter(Box::new(filter)))
    }
}

fn write_filter(filter: &Filter) -> Json {
    let policies = filter.policies.as_ref().map(
        |chosen| json!({ "ids": chosen.ids.iter().map(PolicyId::as_uuid).collect::<Vec<_>>(), "none": chosen.none }),
    );
    json!({
        "q": filter.q,
        "tab": filter.tab.map(Tab::as_str),
        "status": filter.statuses.iter().map(|status| status.as_str()).collect::<Vec<_>>(),
        "policies": policies,
        "user": filter.user.map(|id| id.as_uuid()),
        "mode": filter.mode.map(Mode::as_str),
        "identity_provider": filter.identity_provider,
        "batch": filter.batch.map(|id| id.as_uuid()),
        "locked": filter.locked,
        "drift": filter.drift,
        "ids": filter.ids.as_ref().map(|ids| ids.iter().map(SecurityKeyId::as_uuid).collect::<Vec<_>>()),
    })
}

/// A value that may be null: absent, or read whole. `None` outside when it cannot be read.
#[expect(clippy::option_option, reason = "absent and unreadable are two things")]
fn maybe<T>(json: &Json, name: &str, read: impl Fn(&Json) -> Option<T>) -> Option<Option<T>> {
    let value = json.get(name)?;
    if value.is_null() {
        Some(None)
    } else {
        read(value).map(Some)
    }
}

fn id(json: &Json) -> Option<Uuid> {
    json.as_str()?.parse().ok()
}

fn all<T>(json: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    json.as_array()?.iter().map(read).collect()
}

fn read_filter(json: &Json) -> Option<Filter> {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    let policies = |json: &Json| {
        let ids = all(json.get("ids")?, |json| id(json).map(PolicyId::from_uuid))?;
        Some(Policies {
            ids,
            none: json.get("none")?.as_bool()?,
        })
    };
    Some(Filter {
        q: maybe(json, "q", text)?,
        tab: maybe(json, "tab", |json| Tab::parse(json.as_str()?))?,
        statuses: all(json.get("status")?, |json| Status::parse(json.as_str()?))?,
        policies: maybe(json, "policies", policies)?,
        user: maybe(json, "user", id)?.map(UserId::from_uuid),
        mode: maybe(json, "mode", |json| Mode::parse(json.as_str()?))?,
        identity_provider: maybe(json, "identity_provider", text)?,
        batch: maybe(json, "batch", id)?.map(BatchId::from_uuid),
        locked: maybe(json, "locked", Json::as_bool)?,
        drift: maybe(json, "drift", Json::as_bool)?,
        ids: maybe(json, "ids", |json| {
            all(json, |json| id(json).map(SecurityKeyId::from_uuid))
        })?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uuid(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn what_a_job_keeps_comes_back() {
        let full = Filter {
            q: Some("a\"b".to_owned()),
            tab: Some(Tab::Stocks),
            statuses: vec![Status::InStock, Status::Ready],
            policies: Some(Policies {
                ids: vec![PolicyId::from_uuid(uuid(1))],
                none: true,
            }),
            user: Some(UserId::from_uuid(uuid(2))),
            mode: Some(Mode::Foreign),
            identity_provider: Some("idp".to_owned()),
            batch: Some(BatchId::from_uuid(uuid(3))),
            locked: Some(true),
            drift: Some(false),
            ids: Some(vec![SecurityKeyId::from_uuid(uuid(4))]),
        };
        for filter in [full, Filter::default()] {
            let chosen = Chosen::Filter(Box::new(filter));
            assert_eq!(Chosen::read(&chosen.write()), Some(chosen));
        }
    }

    #[test]
    fn ids_are_kept_once_and_in_order() {
        let ids = [3, 1, 3, 2]
            .map(|number| SecurityKeyId::from_uuid(uuid(number)))
            .to_vec();
        let chosen = Selection::Ids(ids).chosen();
        assert_eq!(
            chosen,
            Chosen::Ids([1, 2, 3].map(|number| SecurityKeyId::from_uuid(uuid(number))).to_vec())
        );
        assert_eq!(Chosen::read(&chosen.write()), Some(chosen));
        assert_eq!(Chosen::read(&json!({"filter": {}})), None);
    }
}
