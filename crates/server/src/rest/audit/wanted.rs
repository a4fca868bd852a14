//! What a request wants to see of the log.

use claviger_api::Time;
use claviger_domain::Timestamp;
use claviger_store::audit::{Filter, Page};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Failure,
    rest::wanted::{limit, search},
};

/// Most names of a list that is separated by commas.
const MOST: usize = 100;

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
    /// Text in action, names, reason, ticket or address; at most 200 characters.
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
            actions: words("?action", self.action.as_deref())?,
            objects: ids("?object", self.object.as_deref())?,
            from: self.from.as_deref().map(|text| moment("?from", text)).transpose()?,
            to: self.to.as_deref().map(|text| moment("?to", text)).transpose()?,
            q: search(self.q.as_deref())?,
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

fn words(pointer: &str, text: Option<&str>) -> Result<Vec<String>, Failure> {
    let words: Vec<String> = parts(text).map(str::to_owned).collect();
    if words.len() > MOST || words.iter().any(|word| word.len() > 200) {
        return Err(Failure::invalid(
            pointer,
            format!("at most {MOST} are wanted, each at most 200 bytes"),
        ));
    }
    Ok(words)
}

fn ids(pointer: &str, text: Option<&str>) -> Result<Vec<Uuid>, Failure> {
    let text = words(pointer, text)?;
    let id = |part: &String| {
        part.parse()
            .map_err(|_| Failure::invalid(pointer, "ids, separated by commas, are wanted"))
    };
    text.iter().map(id).collect()
}

fn moment(pointer: &str, text: &str) -> Result<Timestamp, Failure> {
    text.parse()
        .map_err(|error: claviger_domain::timestamp::InvalidTimestamp| Failure::invalid(pointer, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::Wanted;
    use crate::Failure;

    #[test]
    fn what_is_looked_for_is_bounded() {
        let fault = |query: &str| {
            let wanted = crate::rest::extract::parse_query::<Wanted>(query).and_then(|wanted| wanted.filter());
            match wanted {
                Err(Failure::Validation(errors)) => errors.first().map(|error| error.pointer.clone()),
                _ => None,
            }
        };
        let many = |word: &str| vec![word; 101].join(",");
        assert_eq!(fault(&format!("q={}", "x".repeat(201))).as_deref(), Some("?q"));
        assert_eq!(
            fault(&format!("action={}", many("policy."))).as_deref(),
            Some("?action")
        );
        assert_eq!(
            fault(&format!("action={}", "x".repeat(201))).as_deref(),
            Some("?action")
        );
        let id = "0190c9b8-0000-7000-8000-000000000000";
        assert_eq!(fault(&format!("object={}", many(id))).as_deref(), Some("?object"));
        assert_eq!(fault(&format!("q={}&action=a.,b.&actor={id}", "ä".repeat(200))), None);
    }
}
