//! What a request wants to see of the log.

use claviger_api::Time;
use claviger_domain::Timestamp;
use claviger_store::audit::{Filter, Page};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Failure, rest::wanted::limit};

/// What to look for in the log.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// By whom: ids of administrators or API tokens, separated by commas.
    actor: Option<String>,
    /// What happened (`policy.created`), or everything of a kind (`policy.`); several are separated by commas.
    action: Option<String>,
    /// To which objects: ids, separated by commas.
    object: Option<String>,
    /// Not before this time.
    #[param(value_type = Option<Time>)]
    from: Option<String>,
    /// Before this time.
    #[param(value_type = Option<Time>)]
    to: Option<String>,
    /// Text in action, names, reason, ticket or address.
    q: Option<String>,
    /// Events on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
    /// Where the page begins, as another page said.
    cursor: Option<String>,
}

impl Wanted {
    pub(super) fn filter(&self) -> Result<Filter, Failure> {
        Ok(Filter {
            actors: ids("?actor", self.actor.as_deref())?,
            actions: parts(self.action.as_deref()).map(str::to_owned).collect(),
            objects: ids("?object", self.object.as_deref())?,
            from: self.from.as_deref().map(|text| moment("?from", text)).transpose()?,
            to: self.to.as_deref().map(|text| moment("?to", text)).transpose()?,
            q: self.q.clone(),
        })
    }

    /// What was asked, as the log keeps it of an export.
    pub(super) fn said(&self, format: &str) -> Value {
        json!({
            "format": format, "action": self.action, "actor": self.actor, "object": self.object, "q": self.q,
            "from": self.from, "to": self.to,
        })
    }

    pub(super) fn page(&self) -> Result<Page, Failure> {
        let Some(cursor) = self.cursor.as_deref() else {
            return Ok(Page::First);
        };
        let wrong = || Failure::invalid("?cursor", "this cursor is not one that a page said");
        let id = |text: &str| text.parse::<Uuid>().map_err(|_| wrong());
        match cursor.split_at_checked(1) {
            Some(("a", rest)) => Ok(Page::After(id(rest)?)),
            Some(("b", rest)) => Ok(Page::Before(id(rest)?)),
            _ => Err(wrong()),
        }
    }

    pub(super) fn limit(&self) -> Result<u16, Failure> {
        limit(self.limit)
    }
}

/// What is separated by commas, without blanks.
fn parts(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn ids(pointer: &str, text: Option<&str>) -> Result<Vec<Uuid>, Failure> {
    let id = |part: &str| {
        part.parse()
            .map_err(|_| Failure::invalid(pointer, "ids, separated by commas, are wanted"))
    };
    parts(text).map(id).collect()
}

fn moment(pointer: &str, text: &str) -> Result<Timestamp, Failure> {
    text.parse()
        .map_err(|error: claviger_domain::timestamp::InvalidTimestamp| Failure::invalid(pointer, error.to_string()))
}
